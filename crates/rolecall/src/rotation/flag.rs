//! Which command stands in for a rotation function, as the operator says it.

use std::str::FromStr;

use account::entity::RotationFunction;

/// A function, the role that it acts as, and what is run for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RotationCommand {
    pub(crate) function: RotationFunction,
    pub(crate) program: String,
    pub(crate) arguments: Vec<String>,
}

impl RotationCommand {
    /// The command for the function of an ARN, with the credentials of the role of a name.
    pub(crate) fn new(arn: &str, role: &str, command: &[&str]) -> Result<Self, String> {
        let function = RotationFunction::new(arn, role).map_err(|error| error.to_string())?;
        let Some((program, arguments)) = command.split_first() else {
            return Err(format!("there is no command for `{arn}`"));
        };
        Ok(Self {
            function,
            program: (*program).to_owned(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
        })
    }
}

/// Words with blanks between them, none of which is for a shell.
impl FromStr for RotationCommand {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let [arn, role, command @ ..] = words.as_slice() else {
            return Err("it is `ARN role=NAME COMMAND [ARGUMENT...]`".to_owned());
        };
        let role = role
            .strip_prefix("role=")
            .ok_or_else(|| format!("`{role}` stands where `role=NAME` should"))?;
        Self::new(arn, role, command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:rotate";

    #[test]
    fn a_command_is_words() {
        let command: RotationCommand = format!("{ARN} role=rotator /bin/rotate  --fast db")
            .parse()
            .unwrap();

        assert_eq!(command.function.arn, ARN);
        assert_eq!(command.function.role, "rotator");
        assert_eq!(command.program, "/bin/rotate");
        assert_eq!(command.arguments, ["--fast", "db"]);
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        for (text, words) in [
            (String::new(), "ARN role=NAME COMMAND"),
            (ARN.to_owned(), "ARN role=NAME COMMAND"),
            (format!("{ARN} role=rotator"), "there is no command"),
            (format!("{ARN} /bin/rotate"), "role=NAME"),
            (format!("{ARN} role= /bin/rotate"), "no name of a role"),
            (format!("{ARN} role=a/b /bin/rotate"), "no name of a role"),
            ("rotate role=rotator /bin/rotate".to_owned(), "no ARN"),
        ] {
            let error = text.parse::<RotationCommand>().unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
