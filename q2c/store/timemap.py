"""Who works and on what: `staff.yaml` and `projects.yaml`; without them nobody and nothing."""

from q2c.core.usage.staff import Projects, Staff, project_faults, staff_faults
from q2c.store.records import read_file
from q2c.store.tree import Tree

STAFF = "staff.yaml"
PROJECTS = "projects.yaml"


def read_staff(tree: Tree) -> Staff:
    """Read the people."""
    return read_file(tree, STAFF, Staff, staff_faults) if tree.exists(STAFF) else Staff()


def read_projects(tree: Tree) -> Projects:
    """Read what is worked on, and for which orders."""
    found = read_file(tree, PROJECTS, Projects, project_faults) if tree.exists(PROJECTS) else None
    return found or Projects()
