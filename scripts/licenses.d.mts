/** The folders of the packages that files of a bundle are from, sorted, each once. */
export function packageFolders(inputs: Iterable<string>): string[];

/** The text of THIRD-PARTY-LICENSES.txt; throws where a license is not known. */
export function licenseNotices(inputs: Iterable<string>): string;
