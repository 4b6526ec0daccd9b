// Stands in for CryptoPro's plug-in: the same objects, calls and answers; keys are the test's.
{
  const call = (name, ...sent) => globalThis.standIn(JSON.stringify([name, ...sent])).then((said) => {
    const { value, error } = JSON.parse(said);
    if (error) throw new Error(error);
    return value;
  });
  const certificate = (told) => ({
    number: told.number,
    SubjectName: Promise.resolve(told.subject),
    ValidToDate: Promise.resolve(told.until),
    HasPrivateKey: async () => told.key,
    Export: async (encoding) => {
      if (encoding !== 0) throw new Error("CADESCOM_ENCODE_BASE64 is 0");
      return told.encoded;
    },
  });
  const objects = {
    "CAdESCOM.Store": () => ({
      Open: async (...how) => {
        if (how.join() !== "2,My,2") throw new Error(`unexpected store ${how}`);
      },
      Close: async () => {},
      get Certificates() {
        return call("certificates").then((held) => ({
          Count: Promise.resolve(held.length),
          Item: async (place) => certificate(held[place - 1]),
        }));
      },
    }),
    "CAdESCOM.HashedData": () => ({
      async propset_Algorithm(number) { this.algorithm = number; },
      async SetHashValue(hex) { this.value = hex; },
    }),
    "CAdESCOM.CPSigner": () => ({ async propset_Certificate(chosen) { this.certificate = chosen; } }),
    "CAdESCOM.CadesSignedData": () => ({
      SignHash: (hashed, signer, kind) =>
        call("cms", signer.certificate.number, hashed.algorithm, hashed.value, kind),
    }),
    "CAdESCOM.RawSignature": () => ({
      SignHash: (hashed, chosen) => call("raw", chosen.number, hashed.algorithm, hashed.value),
    }),
  };
  const plugin = Promise.resolve();
  plugin.CreateObjectAsync = async (name) => objects[name]();
  globalThis.cadesplugin = plugin;
}
