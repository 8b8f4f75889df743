"""The attributes of an Icecat row as the pairs that a product's page shows."""

import re
from functools import cache

LIMIT = 40
LONGEST = 160
# What a warehouse or Icecat itself needs, and what is said elsewhere on the page.
NOISE = re.compile(
    r"package_(?!type)|pallet|master_|outer_case|shipping_|carton|harmonized|gtin|_ean_|intrastat|"
    r"commodity|__imperial_|minimum_order|"
    r"(?:last_change|images_type_map|product_name|status|box|brand_name|born_on_date|launch_date|hp_segment|"
    r"market_segment|market_positioning|processor_ark_id|conflict_free_processor|embedded_options_available|"
    r"bus_type_units|quantity_outer_carton|available|dimensions__wxdxh_mm_|product_code|processor_code|"
    r"vendor_homepage|processor_brand_name|component_for_code|bcp_bubble_graphic_colour)$"
)
SPELLINGS = """
    AC DC USB HDMI DVI VGA LAN WAN WLAN HDD HDDs SSD SSDs LED LCD TFT RAM ROM CPU GPU PDU UPS AWG ISO IEC A4
    A3 HD IP TV FM AM GPS SIM NFC DPI RMS AV ADF POS TDP ECC PCI PCIe SATA SAS SCSI IDE RAID BIOS TPM VESA
    RoHS EMI RFI SNMP DHCP QoS VLAN MAC IPv4 IPv6 PoE SFP XLR RCA BNC KVM DDR FSB L2 L3 OS UV CD DVD OEM EPEAT
    HP MTBF
    Blu-ray Wi-Fi RJ-45 RJ-11 S/PDIF I/O D-Sub PS/2 S-Video Bluetooth Ethernet FireWire DisplayPort
    Thunderbolt Intel AMD Windows Linux Mac Android Apple
"""
WORDS = {re.sub(r"[-/.]", "_", word.lower()): word for word in SPELLINGS.split()}
KNOWN_WORDS = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})(?![a-z0-9])")


def specifications(row, uses):
    """Return [[name, value], …] of a row, what most rows have first, at most LIMIT pairs.

    uses: how many rows have an attribute, by its name. Units are not given by the
    catalogue, so none are added.
    """
    names = sorted(filter(is_shown, row["attributes"]), key=lambda name: (-uses[name], name))
    pairs = [[readable_name(name), readable_value(row["attributes"][name])] for name in names]
    known = [pair for pair in [["Manufacturer's number", _number(row)], ["GTIN", _gtin(row)]] if pair[1]]
    return [pair for pair in pairs if 0 < len(pair[1]) <= LONGEST][: LIMIT - len(known)] + known


def _number(row):
    """Return the manufacturer's number, unless it is the product's name once more."""
    number = " ".join(row["mpn"].split())
    return "" if len(number) > 40 or number.count(" ") > 2 else number


def _gtin(row):
    """Return the first GTIN, or an empty text: some rows list a hundred."""
    return str(next(iter(row["gtin"]), ""))


@cache
def is_shown(name):
    return not NOISE.search(name)


@cache
def readable_name(name):
    """Return an attribute's name in words: processor_core_voltage__ac_ is Processor core voltage (AC)."""
    name = re.sub(r"__[thw]_[thw]_$", "", name).replace("intel__", "intel_")
    name = re.sub(r"w_?x_?d_?x_?h(?![a-z])", "w × d × h", name)
    name = KNOWN_WORDS.sub(lambda match: WORDS[match[0]], name)
    name = re.sub(r"(?<=[a-z])_s_(?=_|$)", "(s)", name)
    name = re.sub(r"(?<=\d)_(?=\d)", ".", name)
    name = name.replace("___", " / ")
    name = re.sub(r"__(.+?)_(?=_|$)_?", r" (\1) ", name)
    name = re.sub(r"\((?!min|max|red|off|blue)([a-z]{2,5}|w × d × h)\)", lambda match: match[0].upper(), name)
    name = " ".join(name.replace("_", " ").split())
    return name[:1].upper() + name[1:]


def readable_value(value):
    """Return a value in words; an empty text for one that says nothing."""
    if isinstance(value, bool) or value in ("Y", "N"):
        return "Yes" if value in (True, "Y") else "No"
    if isinstance(value, int | float):
        return f"{value:.12g}"
    text = re.sub(r"<[^>]*>", " ", str(value))
    text = re.sub(r"\s*(?:\\n|\n)\s*", ", ", text.strip()).replace("\\t", " ")
    text = re.sub(r",(?=[^\s\d])", ", ", text).strip(" ,")
    return "" if text.lower() in {"not available", "n/a", "none", "-", "."} else " ".join(text.split())
