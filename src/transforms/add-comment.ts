import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";

export function addComment(profile: Profile, comment: string): Profile {
  const index = profile.strings.length as StringIndex;
  return {
    ...profile,
    strings: profile.strings.extend([encodeUtf8(comment)]),
    comments: [...profile.comments, index],
  };
}
