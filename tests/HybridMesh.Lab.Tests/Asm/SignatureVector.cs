using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab.Tests;

/// <summary>A call as an official client package sent it, with time and nonce pinned.</summary>
public sealed record SignatureVector(
    string Id, string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers, DateTimeOffset Date)
{
    public const string AccessKeyId = "LTAI5tExampleAccessKey01";
    public const string AccessKeySecret = "ExampleSecret0123456789abcdef";
    public const string SecurityToken = "CAISExample/Security+Token==";

    private static readonly Lazy<IReadOnlyList<SignatureVector>> Read = new(() =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "asm-signature-vectors.json")))!
            ["vectors"]!.AsArray().Select(node => Of(node!))]);

    public static TheoryData<string> Ids => [.. Read.Value.Select(vector => vector.Id)];

    public static int Count => Read.Value.Count;

    public static SignatureVector Get(string id) => Read.Value.Single(vector => vector.Id == id);

    internal AsmRequest Request() => new(Method, Target, Headers, Encoding.UTF8.GetBytes(Body));

    /// <summary>The bytes of the HTTP request.</summary>
    public byte[] Wire() => Encoding.UTF8.GetBytes(
        $"{Method} {Target} HTTP/1.1\r\n"
        + string.Concat(Headers.Select(pair => $"{pair.Key}: {pair.Value}\r\n"))
        + $"connection: close\r\ncontent-length: {Encoding.UTF8.GetByteCount(Body)}\r\n\r\n{Body}");

    public override string ToString() => Id;

    private static SignatureVector Of(JsonNode node)
    {
        JsonNode wire = node["wire"]!;
        Dictionary<string, string> headers = wire["headers"].Deserialize<Dictionary<string, string>>() ?? new()
        {
            ["host"] = "servicemesh.aliyuncs.com",
            ["content-type"] = "application/x-www-form-urlencoded",
        };
        if (node["authorization"] is { } authorization)
        {
            headers["authorization"] = authorization.GetValue<string>();
        }

        return new SignatureVector(
            node["id"]!.GetValue<string>(), node["method"]!.GetValue<string>(), wire["url"]!.GetValue<string>(),
            wire["body"]!.GetValue<string>(), headers, node["timestamp"]!.GetValue<DateTimeOffset>());
    }
}
