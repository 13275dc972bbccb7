"""What waits for people: held rewards, proofs, parcels; batches of codes, and grand draws."""

from django.urls import path

from festoon.console.groups import Page
from festoon.console.queues import codes, draws, epochs, held, numbers, parcels, pictures, proofs

app_name = "queues"
urlpatterns = [
    path("held/", held.waiting, name="held"),
    path("held/<str:id>/", held.decide, name="decide"),
    path("proofs/", proofs.waiting, name="proofs"),
    path("proofs/judge/", proofs.judge, name="judge"),
    path("proofs/picture/", pictures.picture, name="picture"),
    path("parcels/", parcels.every_parcel, name="parcels"),
    path("parcels/pack/", parcels.pack_chosen, name="pack"),
    path("parcels/export/", parcels.export, name="export"),
    path("parcels/numbers/", numbers.take_in, name="numbers"),
    path("parcels/numbers/results/", numbers.results, name="results"),
    path("parcels/<str:item>/", parcels.one, name="parcel"),
    path("parcels/<str:item>/<str:act>/", parcels.change, name="change"),
    path("codes/", codes.every_batch, name="codes"),
    path("codes/new/", codes.make_batch, name="make_codes"),
    path("codes/<str:campaign>/<str:name>/void/", codes.void_batch, name="void_codes"),
    path("codes/<str:campaign>/<str:name>/file/", codes.file, name="codes_file"),
    path("epochs/", epochs.every_epoch, name="epochs"),
    path("epochs/<str:campaign>/<str:mechanic>/<str:name>/", epochs.one, name="epoch"),
    path("epochs/<str:campaign>/<str:mechanic>/<str:name>/record/", epochs.record, name="epoch_record"),
    path("epochs/<str:campaign>/<str:mechanic>/<str:name>/<str:act>/", epochs.change, name="epoch_act"),
    path("draws/", draws.every_draw, name="draws"),
    path("draws/<str:campaign>/<str:mechanic>/", draws.one, name="draw"),
    path("draws/<str:campaign>/<str:mechanic>/<str:act>/", draws.change, name="draw_act"),
    path("draws/<str:campaign>/<str:mechanic>/files/<str:which>/", draws.file, name="draw_file"),
]
PAGES = (
    Page("queues:held", "queues.held", icon="clock", needs="held:decide", place=70),
    Page("queues:proofs", "queues.proofs", icon="check", needs="proofs:judge", place=71),
    Page("queues:parcels", "queues.parcels", icon="empty", needs="parcels:ship", place=72),
    Page("queues:codes", "queues.codes", icon="copy", needs="codes:make", place=73),
    Page("queues:draws", "queues.draws", icon="grant", needs="draws:run", place=74),
)
