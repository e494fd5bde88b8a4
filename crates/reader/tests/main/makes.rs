//! Pages in the manner of the systems that ministries publish with.

use chancery_record::{Media, Meta};

use crate::{read, try_read};

const FIRST: &str = "The Minister of Tides opened the upper harbour of Skarvik on Monday, and thanked all crews for their work.";
const SECOND: &str = "The harbour holds two hundred boats, and cost four million crowns.";

fn both() -> String {
    format!("{FIRST}\n\n{SECOND}")
}

#[test]
fn the_name_of_the_office_is_no_headline() {
    let body = format!("<p>{FIRST}</p><p>{SECOND}</p>");
    for head in [
        "<h1><a href=/>Office of Tides</a></h1><h4 class=card-title>Upper harbour opened</h4>",
        "<span class=bigtitle>Upper harbour opened</span>",
        "<p align=center><font size=4><b>Upper harbour opened</b></font></p>",
        "<div class=logo><h1>Office of Tides</h1></div><strong class=subject>Upper harbour opened</strong>",
    ] {
        let page = format!("<html lang=en><title>Office of Tides</title><body><div>{head}{body}</div>");
        let release = read(page.as_str());
        assert_eq!(release.headline.as_deref(), Some("Upper harbour opened"), "{page}");
        assert_eq!(release.text, both(), "{page}");
    }
}

#[test]
fn what_a_page_says_of_itself_is_not_its_text() {
    let rest = format!("<p>{FIRST}</p><p>{SECOND}</p>");
    for (before, behind) in [
        ("<dl><dt>Author</dt><dd>Office of Tides</dd><dt>Date</dt><dd>2 March 2021</dd></dl>", ""),
        ("<ul><li>2 March 2021</li><li>Read 432 times</li></ul>", "<p>###</p>"),
        ("", "<h2>Media contact</h2><p>Ana Brill<br>Tel. 555 0100</p>"),
        ("", "<p>Kontakt dla mediów</p><p>biuro@tides.example</p>"),
        ("", "<p>関連リンク</p><ul><li><a href=/a>水</a></li></ul>"),
        ("", "<div><span>打印</span> <span>关闭</span></div>"),
        ("<p>图为港口（林海摄）</p>", ""),
        (
            "<div id=CookiebotDialog><p>We use cookies to see how the site is used, and we share what we see with others, \
            who may put it together with what else they know of you; you may refuse all that.</p><p>Cookies are small \
            files that a site puts on your device so that it knows you when you come again.</p></div>",
            "",
        ),
    ] {
        let page = format!(
            "<html lang=en><title>Upper harbour opened</title><body>{before}<div><h1>Upper harbour opened</h1>{rest}{behind}</div>"
        );
        let page = if before.starts_with("<div") {
            page
        } else {
            page.replace(before, "").replace("</h1>", &format!("</h1>{before}"))
        };
        assert_eq!(read(page.as_str()).text, both(), "{page}");
    }
}

#[test]
fn short_paragraphs_in_elements_of_their_own_belong_together() {
    let part = |text: &str| format!("<div class=text><div class=cmp-text><p>{text}</p></div></div>");
    let links: String =
        (0..3).map(|n| format!("<li><a href=/n/{n}>Road safety week number {n} begins</a></li>")).collect();
    let page = format!(
        "<html lang=en><title>Upper harbour opened</title><body><div><h1>Upper harbour opened</h1>{}{}{}<ul>{links}</ul></div>",
        part(FIRST),
        part(SECOND),
        part("“It was time,” said the Minister of Tides.")
    );
    assert_eq!(read(page.as_str()).text, format!("{}\n\n“It was time,” said the Minister of Tides.", both()));
}

#[test]
fn a_table_keeps_its_caption() {
    let page = format!(
        "<html lang=en><h1>Boats</h1><p>{FIRST}</p><table><caption>Boats by port</caption>\
        <tr><th>Port<th>Boats<tr><td>Skarvik<td>200</table>"
    );
    assert_eq!(read(page.as_str()).text, format!("{FIRST}\n\nBoats by port\n\nPort | Boats\nSkarvik | 200"));
}

#[test]
fn text_without_spaces_weighs_as_much() {
    let text = "三月十一日，全國春灌會議在港都召開，部長出席並講話。\n\n各地要把節水放在首位。";
    let paragraphs: String = text.split("\n\n").map(|text| format!("<p>{text}</p>")).collect();
    let page = format!(
        "<html lang=zh-TW><title>水利部-新聞稿-春灌會議召開</title><body><div><a href=/>水利部</a></div><div><h2>春灌會議召開</h2>\
         <ul><li>發布日期：113-03-12</li><li>發布單位：秘書室</li></ul><div>{paragraphs}</div><p>點閱數：345</p></div>"
    );
    let release = try_read(page, Media::Html, Meta::default()).unwrap();
    assert_eq!(release.text, text);
    assert_eq!(
        [release.headline.as_deref(), release.published.as_deref(), release.issuer.as_deref()],
        [Some("春灌會議召開"), Some("2024-03-12"), Some("水利部")]
    );
}

#[test]
fn a_language_that_detection_does_not_know_is_what_the_page_declares() {
    let page = "<html lang=kk><h1>Жаңа су қоймасы ашылды</h1><p>12 наурыз 2024</p><p>Бүгін министр жаңа су қоймасының ашылу \
        рәсіміне қатысып, тұрғындармен кездесті және болашақ жоспарлар туралы айтты.</p>";
    let release = read(page);
    assert_eq!([release.language.as_deref(), release.published.as_deref()], [Some("kk"), Some("2024-03-12")]);
}

#[test]
fn the_month_of_the_address_tells_the_release_from_others() {
    let page = format!(
        "<html lang=en><body><p>26 November 2026</p><div><p class=meta>4 April 2023</p><h1>Upper harbour opened</h1><p>{FIRST}</p></div>\
         <div><p>6 May 2023: boat race</p></div>"
    );
    let meta = Meta { url: Some("https://tides.example/2023/04/harbour/".to_owned()), ..Meta::default() };
    assert_eq!(try_read(page, Media::Html, meta).unwrap().published.as_deref(), Some("2023-04-04"));
}

#[test]
fn what_stands_in_a_header_or_is_called_the_description_is_the_lead() {
    let long = "The tides rise, all boats are moved, the upper harbour stays open and the lower harbour is closed, says the \
        Minister of Tides in a statement of more than a hundred and forty letters";
    let header = format!(
        "<html lang=en><body><article><header><h1>Harbour closed</h1><p>{long}</p></header><p>{FIRST}</p></article>"
    );
    assert_eq!(read(header).text, format!("{long}\n\n{FIRST}"));
    let described = format!(
        "<html lang=en><body><div class=news><h1>Harbour closed</h1><div class=news--teaser itemprop=description>The lower harbour \
         is closed to all boats until the end of the month.</div><div itemprop=articleBody><p>{FIRST}</p><p>{SECOND}</p></div></div>"
    );
    let lead = "The lower harbour is closed to all boats until the end of the month.";
    assert_eq!(read(described).text, format!("{lead}\n\n{FIRST}\n\n{SECOND}"));
}

#[test]
fn a_title_that_parts_with_two_dashes_is_cut_there() {
    let page = format!(
        "<html lang=en><title>OOT: Press Release--Harbour statement--December 9, 2003</title><body><a href=/><img src=a.gif alt=''></a>\
         <font size=+1><i>Release Date: December 9, 2003</i></font><p>For immediate release<table><tr><td><p>{FIRST}<p>{SECOND}</table>"
    );
    let release = read(page);
    assert_eq!(
        [release.headline.as_deref(), release.published.as_deref()],
        [Some("Harbour statement"), Some("2003-12-09")]
    );
    assert_eq!(release.text, both());
}

#[test]
fn names_of_metadata_that_chinese_offices_agreed_on() {
    let page = "<html><title>港口开放_中国港都网</title><meta name=ArticleTitle content=港口开放><meta name=SiteName content=港都省水利厅>\
         <meta name=firstpublishedtime content=2021-08-01-06:08:00><meta name=lastmodifiedtime content=2021-08-09-07:08:00>\
         <body><div class=con><p>三月十一日，全国春灌会议在港都召开，水利厅厅长出席并讲话。</p><p>各地要把节水放在首位。</p></div>";
    let release = read(page);
    assert_eq!(
        [release.headline.as_deref(), release.published.as_deref(), release.issuer.as_deref()],
        [Some("港口开放"), Some("2021-08-01"), Some("港都省水利厅")]
    );
}
