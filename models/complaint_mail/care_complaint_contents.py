from markupsafe import Markup

from odoo import api, models
from odoo.tools import html_sanitize, plaintext2html

from ...tools.mail_kind import clean, file_name
from ...tools.mail_pictures import readable, with_addresses, without_remote
from ...tools.mail_text import text_lines
from ...tools.mail_tnef import is_tnef, unpack


class CareComplaint(models.Model):
    """What a mail holds: files that Outlook has wrapped, pictures of the mail itself,
    which are shown, and pictures of other servers, which are not."""

    _inherit = "care.complaint"

    @api.model
    def _read_contents(self, mail, message):
        """:param message: {name: value} as Odoo has read the mail; is changed"""
        self._name_pictures(mail, message)
        self._unpack_files(message)
        message["body"] = Markup(without_remote(message.get("body") or ""))

    @api.model
    def _name_pictures(self, mail, message):
        """Odoo knows pictures in a text only if they have a file name."""
        nameless = [
            (part.get_content(), part.get_content_subtype(), part["content-id"])
            for part in mail.walk()
            if part.get_content_maintype() == "image"
            and part["content-id"]
            and not part.get_filename()
        ]
        for content, kind, cid in nameless:
            message["attachments"] = [
                (f"picture.{kind}", content, {"cid": cid.strip("<> ")})
                if found == content and not (rest and (rest[0] or {}).get("cid"))
                else (name, found, *rest)
                for name, found, *rest in message["attachments"]
            ]

    @api.model
    def _unpack_files(self, message):
        """Replace each ``winmail.dat`` by what it holds. It stays if it cannot be
        read, or holds a text that only Outlook reads."""
        kept = []
        for attachment in message["attachments"]:
            name, content = attachment[:2]
            unpacked = unpack(content) if is_tnef(name, content) else None
            if not unpacked or not unpacked.complete:
                kept.append(attachment)
            if unpacked:
                kept += [
                    (file_name(name), content, {"cid": cid} if cid else {})
                    for name, content, cid in unpacked.files
                ]
                self._take_over_text(message, unpacked)
        message["attachments"] = kept

    @api.model
    def _take_over_text(self, message, unpacked):
        """The text of the file, if the mail has no other"""
        if text_lines(message.get("body")):
            return
        if unpacked.html.strip():
            message["body"] = html_sanitize(
                clean(unpacked.html), sanitize_tags=False, strip_classes=True
            )
        elif unpacked.text.strip():
            text = clean(unpacked.text).replace("\r\n", "\n")
            message["body"] = Markup("<pre>%s</pre>") % text

    @api.model
    def _description_of(self, body):
        """What happened, from the body of a mail: plain text as paragraphs"""
        text = readable(body)
        return (body or False) if text is None else plaintext2html(text.strip())

    def _create_attachments_for_post(self, values_list, extra_list):
        """Show the pictures of the mail that opens a complaint in its description
        under the addresses that Odoo gives them in the message."""
        attachments = super()._create_attachments_for_post(values_list, extra_list)
        if self._has_unknown_pictures():
            found = {
                cid or name: f"/web/image/{attachment.id}?access_token={token}"
                for attachment, (cid, name, token, _info) in zip(
                    attachments, extra_list, strict=True
                )
                if token
            }
            complaint = self.sudo()
            complaint.description = with_addresses(complaint.description, found)
        return attachments

    def _has_unknown_pictures(self):
        """Is the mail that opens a complaint being posted, and has pictures?"""
        complaint = self.sudo()
        return (
            len(complaint) == 1
            and "cid:" in (complaint.description or "")
            and "email" not in complaint.message_ids.mapped("message_type")
        )
