"""Asking somebody whether they want digests: the sign-up and the mail about it, in one transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tocsin.delivery.message import new_message_id
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import ChannelKind, Subscriber
from tocsin.store.deliveries import NewDelivery, enter_deliveries
from tocsin.store.signups import enter_signup


def ask_for_confirmation(
    connection: sa.Connection, wanted: Subscriber, now: datetime, *, mail_domain: str, all_watches: bool = False
) -> list[DeliveryId]:
    """Enter what was asked for with the mail that asks its reader; gives the delivery to be enqueued.

    The same is done for every address, whether it subscribes or not: what the mail says is decided when it is written.
    """
    signup_id = enter_signup(connection, wanted, now, all_watches=all_watches)
    mail = NewDelivery(
        key=f"confirmation:{signup_id}",
        kind=DeliveryKind.CONFIRMATION,
        channel=ChannelKind.MAIL,
        target=wanted.email,
        message_id=new_message_id(mail_domain),
        signup_id=signup_id,
    )
    return enter_deliveries(connection, [mail], now)
