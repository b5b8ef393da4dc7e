"""Hosts from which lists are fetched unless the operator names others in `LIST_HOSTS`: those of the publishers."""

PUBLISHERS = (
    *("sanctionslistservice.ofac.treas.gov", "www.treasury.gov", "data.trade.gov", "api.trade.gov"),
    *("www.bis.gov", "www.bis.doc.gov", "media.bis.gov", "data.opensanctions.org", "webgate.ec.europa.eu"),
    *("scsanctions.un.org", "unsolprodfiles.blob.core.windows.net"),
    *("sanctionslist.fcdo.gov.uk", "assets.publishing.service.gov.uk"),
)
