//! Tests: the tree of units.

use super::Organization;

#[test]
fn a_unit_says_where_it_is() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let upper = own.unit(&root, "upper");
    let lower = own.unit(&upper, "lower");
    let named = [("OrganizationalUnitId", lower.as_str())];
    let shown = own.call("DescribeOrganizationalUnit", &named).unwrap();
    let shown = shown.record("OrganizationalUnit").unwrap();
    assert_eq!(shown.text("Name"), Some("lower"));
    let path = shown.text("Path").unwrap();
    assert!(
        path.ends_with(&format!("/{root}/{upper}/{lower}/")),
        "{path}"
    );
    assert!(lower.starts_with(&root.replace("r-", "ou-")), "{lower}");
    let of_root = [("ParentId", root.as_str())];
    let list = "OrganizationalUnits";
    assert_eq!(
        own.ids("ListOrganizationalUnitsForParent", &of_root, list),
        [upper.as_str()]
    );
    let units = [
        ("ParentId", upper.as_str()),
        ("ChildType", "ORGANIZATIONAL_UNIT"),
    ];
    assert_eq!(
        own.ids("ListChildren", &units, "Children"),
        [lower.as_str()]
    );
    let accounts = [("ParentId", upper.as_str()), ("ChildType", "ACCOUNT")];
    assert!(own.ids("ListChildren", &accounts, "Children").is_empty());
    let child = [("ChildId", upper.as_str())];
    assert_eq!(own.ids("ListParents", &child, "Parents"), [root.as_str()]);
    let none = [("ChildId", "ou-none-00000000")];
    own.fails("ListParents", &none, "ChildNotFoundException");
}

#[test]
fn siblings_have_different_names() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let unit = own.unit(&root, "u");
    let other = own.unit(&root, "v");
    let code = "DuplicateOrganizationalUnitException";
    let again = [("ParentId", root.as_str()), ("Name", "u")];
    own.fails("CreateOrganizationalUnit", &again, code);
    let renamed = [("OrganizationalUnitId", other.as_str()), ("Name", "u")];
    own.fails("UpdateOrganizationalUnit", &renamed, code);
    own.unit(&unit, "u");
    let renamed = [("OrganizationalUnitId", other.as_str()), ("Name", "w")];
    let shown = own.call("UpdateOrganizationalUnit", &renamed).unwrap();
    let shown = shown.record("OrganizationalUnit").unwrap();
    assert_eq!(shown.text("Name"), Some("w"));
}

#[test]
fn units_stand_five_deep_in_something_that_is_there() {
    let mut own = Organization::new();
    let mut parent = own.root.clone();
    for depth in 1..=5 {
        parent = own.unit(&parent, &format!("u{depth}"));
    }
    let deeper = [("ParentId", parent.as_str()), ("Name", "u6")];
    own.fails(
        "CreateOrganizationalUnit",
        &deeper,
        "ConstraintViolationException",
    );
    for operation in ["ListOrganizationalUnitsForParent", "ListAccountsForParent"] {
        let nowhere = [("ParentId", "ou-none-00000000")];
        own.fails(operation, &nowhere, "ParentNotFoundException");
    }
    let nowhere = [("ParentId", "r-none"), ("Name", "u")];
    let code = "ParentNotFoundException";
    own.fails("CreateOrganizationalUnit", &nowhere, code);
    let nowhere = [("ParentId", "r-none"), ("ChildType", "ACCOUNT")];
    own.fails("ListChildren", &nowhere, code);
}

#[test]
fn only_an_empty_unit_is_deleted() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let (unit, account) = (own.unit(&root, "u"), own.account("a"));
    let inner = own.unit(&unit, "inner");
    let named = |id| [("OrganizationalUnitId", id)];
    let code = "OrganizationalUnitNotEmptyException";
    own.fails("DeleteOrganizationalUnit", &named(&*unit), code);
    own.call("DeleteOrganizationalUnit", &named(&*inner))
        .unwrap();
    own.move_to(&account, &root, &unit);
    own.fails("DeleteOrganizationalUnit", &named(&*unit), code);
    own.move_to(&account, &unit, &root);
    own.call("DeleteOrganizationalUnit", &named(&*unit))
        .unwrap();
    for operation in [
        "DeleteOrganizationalUnit",
        "DescribeOrganizationalUnit",
        "UpdateOrganizationalUnit",
    ] {
        let code = "OrganizationalUnitNotFoundException";
        own.fails(operation, &named(&*unit), code);
    }
}
