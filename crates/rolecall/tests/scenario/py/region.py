"""Prints the region that botocore reads from the metadata service."""

import botocore.session
from botocore.utils import IMDSRegionProvider

print(IMDSRegionProvider(botocore.session.get_session()).provide())
