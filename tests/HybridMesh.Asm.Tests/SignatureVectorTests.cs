using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Asm.Tests;

/// <summary>What official client packages sent, reproduced byte for byte.</summary>
public sealed class SignatureVectorTests
{
    private static readonly JsonObject File = JsonNode.Parse(System.IO.File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "asm-signature-vectors.json")))!.AsObject();

    public static TheoryData<string> Version3 => [.. File["vectors"]!.AsArray()
        .Select(vector => vector!["id"]!.GetValue<string>()).Where(id => id.StartsWith("V3-", StringComparison.Ordinal))];

    [Fact]
    public void Version3_AreNine() => Assert.Equal(9, Version3.Count);

    [Theory]
    [MemberData(nameof(Version3))]
    public void Signature_OfTheVectorsHeaders_IsEqual(string id)
    {
        JsonNode vector = Vector(id);
        JsonNode wire = vector["wire"]!;
        Dictionary<string, string> headers = wire["headers"].Deserialize<Dictionary<string, string>>()!;
        headers["x-acs-content-sha256"] = Acs3Signature.Digest(Encoding.UTF8.GetBytes(wire["body"]!.GetValue<string>()));

        Acs3Signature signature = Acs3Signature.Of(
            vector["method"]!.GetValue<string>(), Parameters(vector, "query"), headers, Credential(vector));

        Assert.Equal(vector["canonicalRequest"]!.GetValue<string>(), signature.CanonicalRequest);
        Assert.Equal(vector["stringToSign"]!.GetValue<string>(), signature.StringToSign);
        Assert.Equal(vector["authorization"]!.GetValue<string>(), signature.Authorization);
        Assert.EndsWith(signature.Signature, signature.Authorization, StringComparison.Ordinal);
    }

    // The vectors whose client named no credentials provider, as ours does not.
    [Theory]
    [InlineData("V3-7")]
    [InlineData("V3-8")]
    [InlineData("V3-9")]
    public void Call_OfTheVectorsParameters_SendsTheSameHeadersAndBody(string id)
    {
        JsonNode vector = Vector(id);
        AsmCall call = new(vector["action"]!.GetValue<string>(), new HttpMethod(vector["method"]!.GetValue<string>()))
        {
            Query = Parameters(vector, "query"),
            Form = Parameters(vector, "form"),
        };

        Dictionary<string, string> headers = call.Headers(
            new Uri("https://servicemesh.aliyuncs.com"), Credential(vector),
            vector["timestamp"]!.GetValue<DateTimeOffset>(), vector["nonce"]!.GetValue<string>());

        Dictionary<string, string> expected = vector["wire"]!["headers"].Deserialize<Dictionary<string, string>>()!;
        expected.Remove("accept");
        expected["authorization"] = vector["authorization"]!.GetValue<string>();
        Assert.Equal(expected.OrderBy(pair => pair.Key), headers.OrderBy(pair => pair.Key));
        Assert.Equal(vector["wire"]!["body"]!.GetValue<string>(), Encoding.UTF8.GetString(call.Body()));
    }

    [Theory]
    [InlineData("V3-5")]
    [InlineData("V3-6")]
    public void Body_WithoutCharactersThatClientsEncodeDifferently_IsEqual(string id)
    {
        AsmCall call = new("AddVmAppToMesh", HttpMethod.Post) { Form = Parameters(Vector(id), "form") };

        Assert.Equal(Vector(id)["wire"]!["body"]!.GetValue<string>(), Encoding.UTF8.GetString(call.Body()));
    }

    private static JsonNode Vector(string id) =>
        File["vectors"]!.AsArray().Single(vector => vector!["id"]!.GetValue<string>() == id)!;

    private static KeyValuePair<string, string>[] Parameters(JsonNode vector, string place) =>
        [.. vector["parameters"]![place]!.AsObject().Select(pair => KeyValuePair.Create(
            pair.Key, pair.Value!.GetValueKind() is JsonValueKind.True or JsonValueKind.False
                ? pair.Value.ToJsonString() : pair.Value.GetValue<string>()))];

    private static AsmCredential Credential(JsonNode vector) => new(
        File["credentials"]!["accessKeyId"]!.GetValue<string>(), File["credentials"]!["accessKeySecret"]!.GetValue<string>(),
        vector["sts"]!.GetValue<bool>() ? File["credentials"]!["securityToken"]!.GetValue<string>() : null);
}
