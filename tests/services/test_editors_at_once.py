"""Editors who save at the same moment, on PostgreSQL: different rules are both kept, the same rule is told."""

from tests.services.conftest import Service

AT_ONCE = """
import threading
from django.db import connection
from policies import rulebook
from screening.editorial import rules
from tests import factories

LIST = "rules/goods"
plain = rulebook.find("GOODS-MILITARY")
editors = [factories.user("policy_editor") for _ in range(6)]
together = threading.Barrier(len(editors))

def save(number):
    row = {row}
    together.wait()
    try:
        rules.save(row, list_id=LIST, by=editors[number], base={base}, reason="At once")
        print("saved")
    except rulebook.RuleConflict as told:
        print("told: " + told.theirs["note"])
    finally:
        connection.close()

threads = [threading.Thread(target=save, args=[number]) for number in range(len(editors))]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(rulebook.working()[LIST]), "rules")
"""


def test_rules_of_one_list_that_are_saved_at_once_are_all_kept(service: Service) -> None:
    service.manage("install_policies")
    before = service.shell("from policies import rulebook; print(len(rulebook.working()['rules/goods']))").split()[-1]
    lines = service.shell(AT_ONCE.format(row='{**plain, "id": f"OWN-{number}"}', base='""')).splitlines()
    assert lines.count("saved") == 6
    assert f"{int(before) + 6} rules" in lines
    assert "chain whole" in service.manage("verify_audit")


def test_of_editors_of_one_rule_the_first_is_kept_and_the_others_see_it(service: Service) -> None:
    service.manage("install_policies")
    row, base = '{**plain, "note": f"By editor {number}"}', "rulebook.row_digest(plain)"
    lines = service.shell(AT_ONCE.format(row=row, base=base)).splitlines()
    told = [line for line in lines if line.startswith("told: ")]
    assert (lines.count("saved"), len(told)) == (1, 5)
    assert len(set(told)) == 1 and "By editor" in told[0]
