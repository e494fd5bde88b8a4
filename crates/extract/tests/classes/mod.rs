//! Classes and countries of posts, as the lists of the English rules give them.

use crate::record;

/// Title, class and country of each post of a text, joined by ` | `.
fn check(text: &str, wanted: &[&str]) {
    let record = record(text);
    let posts = record.officials.iter().flat_map(|official| &official.posts);
    let found: Vec<String> = posts
        .map(|post| {
            let parts = [post.title.as_deref(), post.role.as_deref(), post.country.as_deref()];
            parts.map(|part| part.unwrap_or("-")).join(" | ")
        })
        .collect();
    assert_eq!(found, wanted, "{text}");
}

#[test]
fn words_before_the_head_make_a_deputy() {
    check("Deputy Health Minister Arno Tellvik left.", &["Deputy Health Minister | deputy-minister | -"]);
    check("Vice Minister Arno Tellvik left.", &["Vice Minister | deputy-minister | -"]);
    check(
        "Deputy Prime Minister Arno Tellvik left.",
        &["Deputy Prime Minister | deputy-head-of-government | -"],
    );
    check("Acting Foreign Minister Arno Tellvik left.", &["Acting Foreign Minister | minister | -"]);
}

#[test]
fn the_class_of_a_president_hangs_on_what_is_presided() {
    check("Peruvian President Arno Tellvik left.", &["President | head-of-state | Peru"]);
    check("Arno Tellvik, President of Northern University, left.", &["President | academic | -"]);
    check("Arno Tellvik, President of the Court of Appeal of Norway, left.", &["President | judge | Norway"]);
    check(
        "Arno Tellvik, Vice President of the Norwegian Pier Company Ltd, left.",
        &["Vice President | executive | Norway"],
    );
}

#[test]
fn a_director_leads_an_agency_or_a_part_of_it() {
    check("Arno Tellvik, Director of the National Roads Agency, left.", &["Director | agency-head | -"]);
    check(
        "Arno Tellvik, Deputy Director of the National Roads Agency, left.",
        &["Deputy Director | director | -"],
    );
    check(
        "Arno Tellvik, Regional Director of the National Roads Agency, left.",
        &["Regional Director | director | -"],
    );
}

#[test]
fn secretaries_are_of_many_kinds() {
    check("Secretary of Commerce Arno Tellvik left.", &["Secretary of Commerce | minister | -"]);
    check("Health Secretary Arno Tellvik left.", &["Health Secretary | minister | -"]);
    check("Treasury Secretary Arno Tellvik left.", &["Secretary | minister | -"]);
    check("Secretary of the Treasury Arno Tellvik left.", &["Secretary of the Treasury | minister | -"]);
    check(
        "Deputy Treasury Secretary Arno Tellvik left.",
        &["Deputy Treasury Secretary | deputy-minister | -"],
    );
    check("Homeland Security Secretary Arno Tellvik left.", &["Homeland Security Secretary | minister | -"]);
    check("Permanent Secretary Arno Tellvik left.", &["Permanent Secretary | secretary | -"]);
    check("Arno Tellvik, Secretary of the Ministry of Ports, left.", &["Secretary | secretary | -"]);
    check("Press Secretary Arno Tellvik left.", &["Press Secretary | spokesperson | -"]);
}

#[test]
fn envoys_are_of_the_country_that_sends_them() {
    check(
        "Arno Tellvik, Ambassador of Japan to Cuba, left.",
        &["Ambassador of Japan to Cuba | ambassador | Japan"],
    );
    check("The Indian High Commissioner Arno Tellvik left.", &["High Commissioner | ambassador | India"]);
    check("Arno Tellvik, Ambassador to Cuba, left.", &["Ambassador to Cuba | ambassador | -"]);
}

#[test]
fn a_place_in_a_title_tells_its_country() {
    check("Texas Governor Arno Tellvik left.", &["Texas Governor | governor | United States"]);
    check("Arno Tellvik, Mayor of Shanghai, left.", &["Mayor of Shanghai | mayor | China"]);
}

/// Name and country of each body of a text.
fn bodies(text: &str, wanted: &[(&str, Option<&str>)]) {
    let record = record(text);
    let found: Vec<(&str, Option<&str>)> =
        record.organizations.iter().map(|body| (body.name.as_str(), body.country.as_deref())).collect();
    assert_eq!(found, wanted, "{text}");
}

#[test]
fn a_body_is_of_the_country_that_its_words_name() {
    bodies("The Norwegian Roads Agency replied.", &[("Norwegian Roads Agency", Some("Norway"))]);
    bodies(
        "The New Jersey Department of Ports replied.",
        &[("New Jersey Department of Ports", Some("United States"))],
    );
    bodies("Japan’s Ministry of Ports replied.", &[("Ministry of Ports", Some("Japan"))]);
    bodies("The Embassy of Japan in Cuba replied.", &[("Embassy of Japan in Cuba", Some("Japan"))]);
    bodies("The Norway–Ghana Business Council replied.", &[("Norway–Ghana Business Council", None)]);
    bodies("The National Roads Agency replied.", &[("National Roads Agency", None)]);
}
