"""Certificates that no snugd or snug would make."""

import subprocess


def certificate(home, name, days=1, by=None):
    """A key, and a certificate that is signed by the one of that name, or by the key itself."""
    key, wish, shown = (home / f"{name}.{part}" for part in ("key", "wish", "pem"))
    signer = ["-CA", home / f"{by}.pem", "-CAkey", home / f"{by}.key", "-CAcreateserial"] if by else ["-signkey", key]
    for command in (["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                     "-keyout", key, "-out", wish],
                    ["x509", "-req", "-in", wish, *signer, "-days", str(days), "-out", shown]):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return key.read_text(), shown.read_text()
