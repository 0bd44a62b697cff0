variable "group_size" {
  type    = number
  default = 1
}

resource "aws_launch_template" "web" {
  name          = "web"
  image_id      = data.aws_ami.linux.id
  instance_type = "t3.micro"

  iam_instance_profile {
    name = aws_iam_instance_profile.app.name
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}

resource "aws_autoscaling_group" "web" {
  name                = "web"
  min_size            = 0
  max_size            = 2
  desired_capacity    = var.group_size
  vpc_zone_identifier = data.aws_subnets.default.ids

  launch_template {
    id      = aws_launch_template.web.id
    version = "$Latest"
  }

  tag {
    key                 = "team"
    value               = var.team
    propagate_at_launch = true
  }
}
