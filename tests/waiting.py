"""A campaign in which things come to wait for people: gifts to be sent, proofs to be judged, rewards that are held."""

WATCHED = """
segments: {watched: {title: Watched}}
risk:
  rules: {watched: {when: member.segment("watched"), points: 40}}
  thresholds: {doubtful: 30}
"""
"""Whoever is in the segment is looked at before he is given what is held back."""
SENT_AND_JUDGED = """\
  mug: {kind: gift, on: content.liked, give: {gift: mug}}
  photo: {kind: task, on: proof.submitted, review: {}, repeat: {}, give: {points: 7}}
"""
HELD = """\
  hello: {kind: gift, on: page.viewed, give: [{points: 50}], at_risk: {doubtful: hold}}
"""
