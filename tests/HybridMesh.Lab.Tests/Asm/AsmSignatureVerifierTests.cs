using Microsoft.Extensions.Time.Testing;

namespace HybridMesh.Lab.Tests;

public sealed class AsmSignatureVerifierTests
{
    public static TheoryData<string> Ids => SignatureVector.Ids;

    [Fact]
    public void Vectors_AreAll14() => Assert.Equal(14, SignatureVector.Count);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Verify_OfficialClientsCall_IsAccepted(string id)
    {
        SignatureVector vector = SignatureVector.Get(id);

        Verifier(vector.Date).Verify(vector.Request());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Verify_AnyByteOfQueryOrBodyFlipped_IsRefused(string id)
    {
        SignatureVector vector = SignatureVector.Get(id);
        for (int index = 2; index < vector.Target.Length; index++)
        {
            Refused(vector with { Target = Flip(vector.Target, index) });
        }

        for (int index = 0; index < vector.Body.Length; index++)
        {
            Refused(vector with { Body = Flip(vector.Body, index) });
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Verify_AnyByteOfASignedHeaderFlipped_IsRefused(string id)
    {
        SignatureVector vector = SignatureVector.Get(id);
        foreach (string name in vector.Headers.Keys.Where(name => name is "host" or "authorization" || name.StartsWith("x-acs-", StringComparison.Ordinal)))
        {
            // The RPC signature covers no header.
            for (int index = 0; index < vector.Headers[name].Length && vector.Headers.ContainsKey("authorization"); index++)
            {
                Refused(vector with
                {
                    Headers = new Dictionary<string, string>(vector.Headers) { [name] = Flip(vector.Headers[name], index) },
                });
            }
        }
    }

    [Theory]
    [InlineData(15, 0, null)]
    [InlineData(-15, 0, null)]
    [InlineData(15, 1, "InvalidTimeStamp.Expired")]
    [InlineData(-15, -1, "InvalidTimeStamp.Expired")]
    public void Verify_Date_WithinFifteenMinutes(int minutes, int seconds, string? code)
    {
        foreach (string id in (string[])["V3-1", "V1-1"])
        {
            SignatureVector vector = SignatureVector.Get(id);
            AsmSignatureVerifier verifier = Verifier(vector.Date + new TimeSpan(0, minutes, seconds));

            Assert.Equal(code, Code(() => verifier.Verify(vector.Request())));
        }
    }

    [Fact]
    public void Verify_DateOfOtherForm_IsRefused()
    {
        SignatureVector vector = SignatureVector.Get("V3-1");
        Dictionary<string, string> headers = new(vector.Headers) { ["x-acs-date"] = "2026-11-23T00:00:00.000Z" };

        Assert.Equal(
            "InvalidTimeStamp.Format",
            Code(() => Verifier(vector.Date).Verify((vector with { Headers = headers }).Request())));
    }

    [Theory]
    [InlineData("V3-1")]
    [InlineData("V1-2")]
    public void Verify_NonceTwice_IsRefused(string id)
    {
        SignatureVector vector = SignatureVector.Get(id);
        AsmSignatureVerifier verifier = Verifier(vector.Date);
        verifier.Verify(vector.Request());

        Assert.Equal("SignatureNonceUsed", Code(() => verifier.Verify(vector.Request())));
    }

    [Fact]
    public void Verify_UnsignedAcsHeader_IsRefused()
    {
        SignatureVector vector = SignatureVector.Get("V3-1");
        Dictionary<string, string> headers = new(vector.Headers) { ["x-acs-extra"] = "1" };

        Assert.Equal(
            "IncompleteSignature",
            Code(() => Verifier(vector.Date).Verify((vector with { Headers = headers }).Request())));
    }

    [Fact]
    public void Verify_NeitherScheme_SaysWhatIsMissing() => Assert.Equal(
        "MissingAccessKeyId",
        Code(() => Verifier(DateTimeOffset.UnixEpoch).Verify(new AsmRequest("GET", "/", new Dictionary<string, string>(), []))));

    internal static AsmEndpointOptions Options(DateTimeOffset now) => new()
    {
        MeshId = "c08ba3fd1e6484b0f8cc1ad8fe10d0001",
        AccessKeyId = SignatureVector.AccessKeyId,
        AccessKeySecret = SignatureVector.AccessKeySecret,
        SecurityToken = SignatureVector.SecurityToken,
        Clock = new FakeTimeProvider(now),
    };

    private static AsmSignatureVerifier Verifier(DateTimeOffset now) => new(Options(now));

    private static void Refused(SignatureVector changed) =>
        Assert.ThrowsAny<AsmException>(() => Verifier(changed.Date).Verify(changed.Request()));

    private static string? Code(Action action) => (Record.Exception(action) as AsmException)?.Code;

    private static string Flip(string text, int index) =>
        string.Concat(text[..index], ((char)(text[index] ^ 1)).ToString(), text[(index + 1)..]);
}
