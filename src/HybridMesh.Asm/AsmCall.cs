using System.Globalization;
using System.Text;
using HybridMesh.Core;

namespace HybridMesh.Asm;

/// <summary>One call of an operation; each attempt is dated and signed anew.</summary>
internal sealed record AsmCall(string Action, HttpMethod Method)
{
    private const string Version = "2020-01-11";
    private const string FormType = "application/x-www-form-urlencoded";

    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Form { get; init; } = [];

    /// <summary>Whether the call may be repeated when it is not known if it took effect.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>What the call is about, for errors.</summary>
    public object? Target { get; init; }

    /// <summary>The signed headers of an attempt, Authorization included.</summary>
    public Dictionary<string, string> Headers(Uri endpoint, AsmCredential credential, DateTimeOffset now, string nonce)
    {
        Dictionary<string, string> headers = new()
        {
            ["host"] = endpoint.Authority,
            ["x-acs-version"] = Version,
            ["x-acs-action"] = Action,
            ["x-acs-date"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["x-acs-signature-nonce"] = nonce,
            ["x-acs-content-sha256"] = Acs3Signature.Digest(Body()),
        };
        if (Form.Count > 0)
        {
            headers["content-type"] = FormType;
        }

        if (credential.SecurityToken is not null)
        {
            headers["x-acs-accesskey-id"] = credential.AccessKeyId;
            headers["x-acs-security-token"] = credential.SecurityToken;
        }

        headers["authorization"] = Acs3Signature.Of(Method.Method, Query, headers, credential).Authorization;
        return headers;
    }

    public HttpRequestMessage Request(Uri endpoint, AsmCredential credential, DateTimeOffset now, string nonce)
    {
        UriBuilder target = new(endpoint) { Query = PercentEncoding.Pairs(Query) };
        HttpRequestMessage request = new(Method, target.Uri);
        if (Form.Count > 0)
        {
            request.Content = new ByteArrayContent(Body());
        }

        foreach ((string name, string value) in Headers(endpoint, credential, now, nonce))
        {
            if (name == "content-type")
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Headers.TryAddWithoutValidation("accept", "application/json");
        request.Headers.TryAddWithoutValidation("user-agent", "HybridMesh");
        return request;
    }

    /// <summary>The form; empty without one.</summary>
    public byte[] Body() => Encoding.UTF8.GetBytes(PercentEncoding.Pairs(Form));
}
