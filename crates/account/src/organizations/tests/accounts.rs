//! Tests: accounts are made, found, moved, closed and removed.

use protocol::Record;

use super::{MEMBER, Organization, sensitive};
use crate::testing::{ACCOUNT, fails, texts};

#[test]
fn an_account_is_made_with_a_role_for_the_management_account_alone() {
    let mut own = Organization::new();
    let begun = own.ok(
        "CreateAccount",
        &sensitive(&[("AccountName", "Work"), ("Email", "work@example.org")]),
    );
    let begun = begun.record("CreateAccountStatus").unwrap();
    assert_eq!(begun.text("State"), Some("IN_PROGRESS"));
    let listed = own.call("ListCreateAccountStatus", &[]).unwrap();
    let told = listed.records("CreateAccountStatuses").next().unwrap();
    assert_eq!(told.text("Id"), begun.text("Id"));
    let account = told.text("AccountId").unwrap().to_owned();
    assert!(account.len() == 12 && account.bytes().all(|digit| digit.is_ascii_digit()));

    let session = own.enter(&account);
    let told = own
        .world
        .call(&session, "sts", "GetCallerIdentity", &Record::new());
    assert_eq!(told.unwrap().text("Account"), Some(account.as_str()));
    own.world
        .call(&session, "iam", "ListUsers", &Record::new())
        .unwrap();
    // Another account may not take the role.
    let stranger = own.world.account(MEMBER);
    let role = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
    let input = texts(&[("RoleArn", &role), ("RoleSessionName", "session")]);
    let answer = own.world.call(&stranger, "sts", "AssumeRole", &input);
    fails(answer, ("AccessDenied", 403), "sts:AssumeRole");

    let shown = own.call("DescribeAccount", &[("AccountId", &account)]);
    let shown = shown.unwrap();
    let shown = shown.record("Account").unwrap();
    assert_eq!(shown.text("Status"), Some("ACTIVE"));
    assert_eq!(shown.text("JoinedMethod"), Some("CREATED"));
    let arn = format!("arn:aws:organizations::{ACCOUNT}:account/o-");
    assert!(shown.text("Arn").unwrap().starts_with(&arn));
    assert_eq!(shown.secret("Name").unwrap().expose(), b"Work");
    assert_eq!(shown.secret("Email").unwrap().expose(), b"work@example.org");
}

#[test]
fn a_mail_address_is_of_one_account() {
    let mut own = Organization::new();
    own.account("a");
    let input = sensitive(&[("AccountName", "b"), ("Email", "A@example.org")]);
    let before = own.world.partition.accounts().len();
    let begun = own.ok("CreateAccount", &input);
    let id = begun.record("CreateAccountStatus").unwrap().text("Id");
    let input = texts(&[("CreateAccountRequestId", id.unwrap())]);
    let told = own.ok("DescribeCreateAccountStatus", &input);
    let told = told.record("CreateAccountStatus").unwrap();
    assert_eq!(told.text("State"), Some("FAILED"));
    assert_eq!(told.text("FailureReason"), Some("EMAIL_ALREADY_EXISTS"));
    assert_eq!(told.text("AccountId"), None);
    assert_eq!(own.world.partition.accounts().len(), before);
    let none = [("CreateAccountRequestId", "car-00000000")];
    let code = "CreateAccountStatusNotFoundException";
    own.fails("DescribeCreateAccountStatus", &none, code);
}

#[test]
fn what_has_no_effect_here_is_refused() {
    let mut own = Organization::new();
    let input = sensitive(&[("AccountName", "b"), ("Email", "b@example.org")])
        .with("IamUserAccessToBilling", "DENY");
    let answer = own.world.admin("organizations", "CreateAccount", &input);
    let words = "IamUserAccessToBilling DENY";
    fails(answer, ("InvalidInputException", 400), words);
}

#[test]
fn accounts_are_listed_a_page_at_a_time() {
    let mut own = Organization::new();
    let mut all: Vec<String> = (0..4).map(|n| own.account(&format!("a{n}"))).collect();
    all.push(ACCOUNT.to_owned());
    all.sort();
    let mut found = Vec::new();
    let mut input = Record::new().with("MaxResults", 2);
    loop {
        let page = own.ok("ListAccounts", &input);
        let ids = page.records("Accounts").map(|it| it.text("Id").unwrap());
        found.extend(ids.map(str::to_owned));
        let Some(token) = page.text("NextToken") else {
            break;
        };
        input = Record::new().with("MaxResults", 2).with("NextToken", token);
    }
    assert_eq!(found, all);
    let broken = [("NextToken", "%")];
    own.fails("ListAccounts", &broken, "InvalidInputException");
}

#[test]
fn accounts_move_from_where_they_are_to_what_is_there() {
    let mut own = Organization::new();
    let (root, account) = (own.root.clone(), own.account("a"));
    let unit = own.unit(&root, "u");
    for (account, from, to, code) in [
        ("000000000000", &root, &unit, "AccountNotFoundException"),
        (&*account, &unit, &root, "SourceParentNotFoundException"),
        (
            &*account,
            &root,
            &"ou-none-00000000".to_owned(),
            "DestinationParentNotFoundException",
        ),
        (&*account, &root, &root, "DuplicateAccountException"),
    ] {
        let members = [
            ("AccountId", account),
            ("SourceParentId", from),
            ("DestinationParentId", to),
        ];
        own.fails("MoveAccount", &members, code);
    }
    own.move_to(&account, &root, &unit);
    let of_unit = [("ParentId", unit.as_str())];
    assert_eq!(
        own.ids("ListAccountsForParent", &of_unit, "Accounts"),
        [account.as_str()]
    );
    let child = [("ChildId", account.as_str())];
    assert_eq!(own.ids("ListParents", &child, "Parents"), [unit.as_str()]);
    let nowhere = [("ParentId", "ou-none-00000000")];
    own.fails("ListAccountsForParent", &nowhere, "ParentNotFoundException");
}

#[test]
fn nothing_is_answered_for_a_closed_account() {
    let mut own = Organization::new();
    let account = own.account("a");
    let session = own.enter(&account);
    let named = [("AccountId", account.as_str())];
    own.call("CloseAccount", &named).unwrap();
    own.fails("CloseAccount", &named, "AccountAlreadyClosedException");
    own.fails(
        "CloseAccount",
        &[("AccountId", ACCOUNT)],
        "ConstraintViolationException",
    );
    let none = [("AccountId", "000000000000")];
    own.fails("CloseAccount", &none, "AccountNotFoundException");
    own.fails(
        "RemoveAccountFromOrganization",
        &named,
        "InvalidInputException",
    );
    let shown = own.call("DescribeAccount", &named).unwrap();
    let shown = shown.record("Account").unwrap();
    assert_eq!(shown.text("Status"), Some("SUSPENDED"));

    let words = format!("because the account {account} is closed");
    let answer = own.world.call(&session, "iam", "ListUsers", &Record::new());
    fails(answer, ("AccessDenied", 403), &words);
    let role = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
    let input = texts(&[("RoleArn", &role), ("RoleSessionName", "session")]);
    let answer = own.world.admin("sts", "AssumeRole", &input);
    fails(answer, ("AccessDenied", 403), &words);
}

#[test]
fn accounts_are_removed_or_leave_but_for_the_management_account() {
    let mut own = Organization::new();
    let (first, second) = (own.account("a"), own.account("b"));
    let cannot = "MasterCannotLeaveOrganizationException";
    own.fails("LeaveOrganization", &[], cannot);
    let management = [("AccountId", ACCOUNT)];
    own.fails("RemoveAccountFromOrganization", &management, cannot);
    let named = [("AccountId", first.as_str())];
    own.call("RemoveAccountFromOrganization", &named).unwrap();
    let gone = "AccountNotFoundException";
    own.fails("RemoveAccountFromOrganization", &named, gone);
    own.fails("DescribeAccount", &named, gone);
    let session = own.enter(&second);
    let (service, none) = ("organizations", Record::new());
    own.world
        .call(&session, service, "LeaveOrganization", &none)
        .unwrap();
    assert_eq!(own.ids("ListAccounts", &[], "Accounts"), [ACCOUNT]);
    let answer = own
        .world
        .call(&session, service, "DescribeOrganization", &none);
    fails(answer, ("AWSOrganizationsNotInUseException", 400), "");
}
