from . import care_partner_archive
