/** What a call of an operation is made from; the types say the rest. */
export interface OperationFacts {
  /** `session.new`. */
  id: string;
  method: string;
  /** Path with `{field}` parts. */
  path: string;
  /** It changes nothing, so that it may be sent again. */
  reads: boolean;
  /** It is about one session, which a field names. */
  session: boolean;
  /** The only field that must be given besides the session, if there is just one. */
  first: string | null;
  /** The shape of the stream that it takes. */
  takes: "process" | "archive" | null;
  /** Whether it can reply, not only stream. */
  replies: boolean;
  /** The shape of the stream that it gives. */
  gives: "process" | "items" | "lines" | "archive" | null;
  /** Field that asks for the stream in place of a reply. */
  asked: string | null;
  /** Field of the reply that has a picture, which can also come alone. */
  picture: string | null;
  /** Its reply comes as a 503 when all is not well. */
  healthy: boolean;
}
