// CryptoPro's browser plug-in: the certificates of this machine, and signatures over digests.
// Names and numbers are those of CAdESCOM.

const CURRENT_USER_STORE = 2;
const OPEN_MAXIMUM_ALLOWED = 2;
const ENCODE_BASE64 = 0;
const CADES_BES = 1;
const ALGORITHMS = { sha256: 4, streebog256: 101, streebog512: 102 };

export async function certificates() {
  const { plugin } = await ready();
  const store = await plugin.CreateObjectAsync("CAdESCOM.Store");
  await store.Open(CURRENT_USER_STORE, "My", OPEN_MAXIMUM_ALLOWED);
  try {
    const held = await store.Certificates;
    const found = [];
    for (let place = 1; place <= await held.Count; place += 1) {
      const certificate = await held.Item(place);
      if (await certificate.HasPrivateKey()) found.push(await described(certificate));
    }
    return found;
  } finally {
    await store.Close();
  }
}

// A whole CMS (CAdES-BES) in base64, over the digest of a file.
export async function container(certificate, digest, algorithm) {
  const { plugin } = await ready();
  const signer = await plugin.CreateObjectAsync("CAdESCOM.CPSigner");
  await signer.propset_Certificate(certificate.object);
  const signed = await plugin.CreateObjectAsync("CAdESCOM.CadesSignedData");
  const cms = await signed.SignHash(await hashed(plugin, digest, algorithm), signer, CADES_BES);
  return cms.replaceAll(/\s/g, "");
}

// The raw value in base64, over the digest of the attributes to be signed.
export async function rawValue(certificate, digest, algorithm) {
  const { plugin } = await ready();
  const raw = await plugin.CreateObjectAsync("CAdESCOM.RawSignature");
  const hex = await raw.SignHash(await hashed(plugin, digest, algorithm), certificate.object);
  return btoa(String.fromCharCode(...hex.match(/../g).map((byte) => parseInt(byte, 16))));
}

// The plug-in is a promise itself: handed on bare it would dissolve on the way.
async function ready() {
  if (!globalThis.cadesplugin) {
    throw new Error("Плагин КриптоПро ЭЦП не найден. Установите его и обновите страницу.");
  }
  await globalThis.cadesplugin;
  return { plugin: globalThis.cadesplugin };
}

async function hashed(plugin, digest, algorithm) {
  if (!(algorithm in ALGORITHMS)) throw new Error(`Плагин не знает алгоритма «${algorithm}».`);
  const data = await plugin.CreateObjectAsync("CAdESCOM.HashedData");
  await data.propset_Algorithm(ALGORITHMS[algorithm]);
  await data.SetHashValue(hexadecimal(digest));
  return data;
}

function hexadecimal(base64) {
  const bytes = [...atob(base64)].map((character) => character.charCodeAt(0));
  return bytes.map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");
}

async function described(certificate) {
  const subject = await certificate.SubjectName;
  const until = new Date(await certificate.ValidToDate);
  const person = [named(subject, "SN"), named(subject, "G")].filter(Boolean).join(" ");
  return {
    object: certificate,
    owner: person || named(subject, "CN") || subject,
    until,
    current: until > new Date(),
    encoded: (await certificate.Export(ENCODE_BASE64)).replaceAll(/\s/g, ""),
  };
}

function named(subject, attribute) {
  const found = subject.match(new RegExp(`(?:^|,\\s*)${attribute}=("(?:[^"]|"")*"|[^,]*)`));
  return found ? found[1].replace(/^"|"$/g, "").replaceAll('""', '"').trim() : "";
}
