"""Runs the crawl of cloud-init's EC2 datasource and prints what it found, as JSON.

Arguments: the folder of cloud-init's packages, a folder to write to, the metadata service's URL.
"""

import json
import os
import sys

packages, folder, url = sys.argv[1:]
sys.path.insert(0, packages)

from cloudinit import distros, helpers  # noqa: E402
from cloudinit.sources import DataSourceEc2  # noqa: E402

config = {
    "datasource": {
        "Ec2": {"metadata_urls": [url], "max_wait": 5, "timeout": 2, "strict_id": False}
    }
}
paths = helpers.Paths(
    {
        "cloud_dir": os.path.join(folder, "cloud"),
        "run_dir": os.path.join(folder, "run"),
        "templates_dir": os.path.join(folder, "templates"),
    }
)
distro = distros.fetch("debian")("debian", config, paths)
source = DataSourceEc2.DataSourceEc2(config, distro, paths)
# Without a name it asks DMI, finds no EC2 there, and speaks IMDSv1 only.
source._cloud_name = "aws"
found = source.get_data()
user_data = source.get_userdata_raw()
print(
    json.dumps(
        {
            "found": found,
            "metadata": source.metadata,
            "identity": source.identity,
            "instance_id": source.get_instance_id(),
            "availability_zone": source.availability_zone,
            "region": source.region,
            "user_data": user_data.decode() if user_data else None,
        },
        default=str,
    )
)
