// The parts of a ZIP file (APPNOTE 6.3) that checkpoints are made of. All numbers are little-endian.

export const signatures = {
  localHeader: 0x04034b50,
  dataDescriptor: 0x08074b50,
  centralHeader: 0x02014b50,
  zip64End: 0x06064b50,
  zip64EndLocator: 0x07064b50,
  end: 0x06054b50,
} as const;

/** Bytes of each part, without the names, extra fields and comments that follow it. */
export const sizes = {
  localHeader: 30,
  dataDescriptor: 16,
  zip64DataDescriptor: 24,
  centralHeader: 46,
  zip64End: 56,
  zip64EndLocator: 20,
  end: 22,
} as const;

export const flags = { encrypted: 1 << 0, dataDescriptor: 1 << 3, utf8: 1 << 11 } as const;

export const methods = { stored: 0, deflated: 8 } as const;

/** The extra field with sizes and places that need more than 32 bits. */
export const zip64ExtraId = 1;

/** A number of 16 or 32 bits that stands in the ZIP64 fields instead. */
export const full16 = 0xffff;
export const full32 = 0xffffffff;
