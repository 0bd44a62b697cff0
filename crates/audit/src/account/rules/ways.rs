//! The ways in which a role gives itself more, as data. Knows no account.
//!
//! Source: what AWS documents of these actions, and the published lists of such ways: "AWS IAM
//! Privilege Escalation – Methods and Mitigation" (Rhino Security Labs) and pathfinding.cloud.

/// One way. All its steps have to be possible.
#[derive(Debug, Clone, Copy)]
pub(in crate::account) struct Way {
    /// What it comes to, behind "it can".
    pub(super) what: &'static str,
    pub(super) steps: &'static [Step],
    /// The service that has to have another role already, for what is there is changed or used.
    pub(super) role_of: Option<&'static str>,
}

/// One action, done to one sort of thing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) action: &'static str,
    pub(super) on: Target,
    pub(super) known: &'static [(&'static str, &'static str)],
}

/// What a step is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The role.
    Itself,
    /// A managed policy of the account that the role has.
    OwnPolicy,
    /// A user of the account.
    User,
    /// Another role of the account.
    OtherRole,
    /// Another role that the role may assume.
    Assumable,
    /// Another role that this service may assume.
    RoleOf(&'static str),
    /// An instance with another role.
    Instance,
    /// Something of this service with this name, there or not. An action that has no resource is
    /// asked of `*`.
    Made(&'static str, &'static str),
    /// A document of AWS's Systems Manager.
    Document(&'static str),
    /// No resource.
    All,
}

const fn step(action: &'static str, on: Target) -> Step {
    Step {
        action,
        on,
        known: &[],
    }
}

/// A service is handed another role that trusts it.
macro_rules! pass {
    ($service:literal) => {
        Step {
            action: "iam:PassRole",
            on: Target::RoleOf($service),
            known: &[("iam:PassedToService", $service)],
        }
    };
}

const fn attach(on: Target) -> Step {
    Step {
        action: "iam:AttachRolePolicy",
        on,
        known: &[(
            "iam:PolicyARN",
            "arn:aws:iam::aws:policy/AdministratorAccess",
        )],
    }
}

const fn way(what: &'static str, steps: &'static [Step]) -> Way {
    Way {
        what,
        steps,
        role_of: None,
    }
}

/// A way through what a service has already, with a role that it has.
const fn through(role_of: &'static str, what: &'static str, steps: &'static [Step]) -> Way {
    Way {
        what,
        steps,
        role_of: Some(role_of),
    }
}

const NEW_INSTANCE: Target = Target::Made("ec2", "instance/i-0a11ce0000000007");
const TEMPLATE: Target = Target::Made("ec2", "launch-template/lt-0a11ce0000000007");
const GROUP: Target = Target::Made(
    "autoscaling",
    "autoScalingGroup:*:autoScalingGroupName/rolecall-asks-for-nothing",
);
const CONFIGURATION: Target = Target::Made(
    "autoscaling",
    "launchConfiguration:*:launchConfigurationName/rolecall-asks-for-nothing",
);
const FUNCTION: Target = Target::Made("lambda", "function:rolecall-asks-for-nothing");
const STACK: Target = Target::Made(
    "cloudformation",
    "stack/rolecall-asks-for-nothing/0a11ce00-0000-0000-0000-000000000007",
);
const JOB: Target = Target::Made("glue", "job/rolecall-asks-for-nothing");
const ENDPOINT: Target = Target::Made("glue", "devEndpoint/rolecall-asks-for-nothing");
const PROJECT: Target = Target::Made("codebuild", "project/rolecall-asks-for-nothing");
const TASK: Target = Target::Made("ecs", "task-definition/rolecall-asks-for-nothing:1");
const SERVICE: Target = Target::Made("ecs", "service/default/rolecall-asks-for-nothing");
const RUNNING: Target = Target::Made("ecs", "task/default/0a11ce00000000000000000000000007");
const NOTEBOOK: Target = Target::Made("sagemaker", "notebook-instance/rolecall-asks-for-nothing");
const TRAINING: Target = Target::Made("sagemaker", "training-job/rolecall-asks-for-nothing");
const PROCESSING: Target = Target::Made("sagemaker", "processing-job/rolecall-asks-for-nothing");
const PIPELINE: Target = Target::Made("datapipeline", "pipeline/df-0A11CE0000000007");

pub(super) const WAYS: &[&[Way]] = &[OF_IAM, OF_EC2, OF_FUNCTIONS, OF_BUILDERS, OF_DATA];

const OF_IAM: &[Way] = &[
    way(
        "write itself a policy",
        &[step("iam:PutRolePolicy", Target::Itself)],
    ),
    way(
        "attach AdministratorAccess to itself",
        &[attach(Target::Itself)],
    ),
    way(
        "rewrite a managed policy that it has",
        &[step("iam:CreatePolicyVersion", Target::OwnPolicy)],
    ),
    way(
        "make another role trust it",
        &[step("iam:UpdateAssumeRolePolicy", Target::OtherRole)],
    ),
    way(
        "write a policy for a role that it can assume",
        &[step("iam:PutRolePolicy", Target::Assumable)],
    ),
    way(
        "attach AdministratorAccess to a role that it can assume",
        &[attach(Target::Assumable)],
    ),
    way(
        "make access keys of a user",
        &[step("iam:CreateAccessKey", Target::User)],
    ),
    way(
        "give a user a password",
        &[step("iam:CreateLoginProfile", Target::User)],
    ),
    way(
        "change a user's password",
        &[step("iam:UpdateLoginProfile", Target::User)],
    ),
    way(
        "make a new administrator role and assume it",
        &[
            step("iam:CreateRole", Target::OtherRole),
            attach(Target::OtherRole),
        ],
    ),
];

const OF_EC2: &[Way] = &[
    way(
        "start an instance with another role",
        &[
            pass!("ec2.amazonaws.com"),
            step("ec2:RunInstances", NEW_INSTANCE),
        ],
    ),
    way(
        "ask for a spot instance with another role",
        &[
            pass!("ec2.amazonaws.com"),
            step(
                "ec2:RequestSpotInstances",
                Target::Made("ec2", "spot-instances-request/sir-0a11ce07"),
            ),
        ],
    ),
    way(
        "give an instance another role",
        &[
            pass!("ec2.amazonaws.com"),
            step("ec2:AssociateIamInstanceProfile", NEW_INSTANCE),
        ],
    ),
    way(
        "exchange an instance's role for another",
        &[
            pass!("ec2.amazonaws.com"),
            step("ec2:ReplaceIamInstanceProfileAssociation", NEW_INSTANCE),
        ],
    ),
    way(
        "start instances with another role through an Auto Scaling group",
        &[
            pass!("ec2.amazonaws.com"),
            step("ec2:CreateLaunchTemplate", TEMPLATE),
            step("autoscaling:CreateAutoScalingGroup", GROUP),
        ],
    ),
    way(
        "start instances with another role through a launch configuration",
        &[
            pass!("ec2.amazonaws.com"),
            step("autoscaling:CreateLaunchConfiguration", CONFIGURATION),
            step("autoscaling:CreateAutoScalingGroup", GROUP),
        ],
    ),
    way(
        "run commands on other instances through their user data",
        &[
            step("ec2:StopInstances", NEW_INSTANCE),
            step("ec2:ModifyInstanceAttribute", NEW_INSTANCE),
            step("ec2:StartInstances", NEW_INSTANCE),
        ],
    ),
    way(
        "run commands on an instance with another role through Systems Manager",
        &[
            step("ssm:SendCommand", Target::Document("AWS-RunShellScript")),
            step("ssm:SendCommand", Target::Instance),
        ],
    ),
    way(
        "open a shell on an instance with another role through Systems Manager",
        &[step("ssm:StartSession", Target::Instance)],
    ),
    way(
        "log in on an instance with another role through EC2 Instance Connect",
        &[step(
            "ec2-instance-connect:SendSSHPublicKey",
            Target::Instance,
        )],
    ),
];

const OF_FUNCTIONS: &[Way] = &[
    way(
        "run a Lambda function with another role",
        &[
            pass!("lambda.amazonaws.com"),
            step("lambda:CreateFunction", FUNCTION),
            step("lambda:InvokeFunction", FUNCTION),
        ],
    ),
    way(
        "have an event run a Lambda function with another role",
        &[
            pass!("lambda.amazonaws.com"),
            step("lambda:CreateFunction", FUNCTION),
            step("lambda:CreateEventSourceMapping", Target::All),
        ],
    ),
    through(
        "lambda.amazonaws.com",
        "change the code of Lambda functions",
        &[step("lambda:UpdateFunctionCode", FUNCTION)],
    ),
    through(
        "lambda.amazonaws.com",
        "put a layer of its own under Lambda functions",
        &[step("lambda:UpdateFunctionConfiguration", FUNCTION)],
    ),
    way(
        "run a container with another role",
        &[
            pass!("ecs-tasks.amazonaws.com"),
            step("ecs:RegisterTaskDefinition", TASK),
            step("ecs:RunTask", TASK),
        ],
    ),
    way(
        "have a service of ECS run a container with another role",
        &[
            pass!("ecs-tasks.amazonaws.com"),
            step("ecs:RegisterTaskDefinition", TASK),
            step("ecs:CreateService", SERVICE),
        ],
    ),
    through(
        "ecs-tasks.amazonaws.com",
        "run commands in containers with another role",
        &[step("ecs:ExecuteCommand", RUNNING)],
    ),
];

const OF_BUILDERS: &[Way] = &[
    way(
        "have CloudFormation act with another role",
        &[
            pass!("cloudformation.amazonaws.com"),
            step("cloudformation:CreateStack", STACK),
        ],
    ),
    through(
        "cloudformation.amazonaws.com",
        "change stacks that CloudFormation keeps with another role",
        &[step("cloudformation:UpdateStack", STACK)],
    ),
    through(
        "cloudformation.amazonaws.com",
        "change stacks that CloudFormation keeps with another role, by change sets",
        &[
            step("cloudformation:CreateChangeSet", STACK),
            step("cloudformation:ExecuteChangeSet", STACK),
        ],
    ),
    way(
        "build with another role in CodeBuild",
        &[
            pass!("codebuild.amazonaws.com"),
            step("codebuild:CreateProject", PROJECT),
            step("codebuild:StartBuild", PROJECT),
        ],
    ),
    way(
        "give a project of CodeBuild another role and build",
        &[
            pass!("codebuild.amazonaws.com"),
            step("codebuild:UpdateProject", PROJECT),
            step("codebuild:StartBuild", PROJECT),
        ],
    ),
    through(
        "codebuild.amazonaws.com",
        "build what it likes with a project's role in CodeBuild",
        &[step("codebuild:StartBuild", PROJECT)],
    ),
];

const OF_DATA: &[Way] = &[
    way(
        "open a development endpoint of Glue with another role",
        &[
            pass!("glue.amazonaws.com"),
            step("glue:CreateDevEndpoint", ENDPOINT),
        ],
    ),
    through(
        "glue.amazonaws.com",
        "put a key of its own on development endpoints of Glue",
        &[step("glue:UpdateDevEndpoint", ENDPOINT)],
    ),
    way(
        "run a job of Glue with another role",
        &[
            pass!("glue.amazonaws.com"),
            step("glue:CreateJob", JOB),
            step("glue:StartJobRun", JOB),
        ],
    ),
    way(
        "give a job of Glue another role and run it",
        &[
            pass!("glue.amazonaws.com"),
            step("glue:UpdateJob", JOB),
            step("glue:StartJobRun", JOB),
        ],
    ),
    way(
        "open a notebook of SageMaker with another role",
        &[
            pass!("sagemaker.amazonaws.com"),
            step("sagemaker:CreateNotebookInstance", NOTEBOOK),
            step("sagemaker:CreatePresignedNotebookInstanceUrl", NOTEBOOK),
        ],
    ),
    through(
        "sagemaker.amazonaws.com",
        "open notebooks of SageMaker that have another role",
        &[step(
            "sagemaker:CreatePresignedNotebookInstanceUrl",
            NOTEBOOK,
        )],
    ),
    way(
        "train in SageMaker with another role",
        &[
            pass!("sagemaker.amazonaws.com"),
            step("sagemaker:CreateTrainingJob", TRAINING),
        ],
    ),
    way(
        "process in SageMaker with another role",
        &[
            pass!("sagemaker.amazonaws.com"),
            step("sagemaker:CreateProcessingJob", PROCESSING),
        ],
    ),
    way(
        "have Data Pipeline act with another role",
        &[
            pass!("datapipeline.amazonaws.com"),
            step("datapipeline:CreatePipeline", PIPELINE),
            step("datapipeline:PutPipelineDefinition", PIPELINE),
            step("datapipeline:ActivatePipeline", PIPELINE),
        ],
    ),
];
