using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// What a service account's token says of itself. Its signature is not checked: that is the work of whoever takes it.
/// </summary>
public sealed record TokenFacts
{
    /// <summary>When it ends (exp); null when it never does.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was issued (iat), or begins (nbf).</summary>
    public DateTimeOffset? Issued { get; init; }

    /// <summary>Whom it is for (aud).</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>Whose it is (sub), such as <c>system:serviceaccount:ns:name</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>How long it was issued for; null when it does not say.</summary>
    public TimeSpan? Duration => Expires - Issued;

    /// <summary>The audiences as <c>a, b</c>; null when there are none.</summary>
    public string? Audience => Audiences.Count == 0 ? null : string.Join(", ", Audiences);

    /// <summary>Reads a JWT; null when the text is none. White space around it does not matter.</summary>
    public static TokenFacts? Read(string? token)
    {
        string[] parts = (token ?? "").Trim().Split('.');
        if (parts.Length != 3 || Decode(parts[1]) is not { } payload)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(payload) is JsonObject claims ? From(claims) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TokenFacts From(JsonObject claims) => new()
    {
        Expires = Time(claims["exp"]),
        Issued = Time(claims["iat"]) ?? Time(claims["nbf"]),
        Audiences = claims["aud"] switch
        {
            JsonArray list => [.. list.Select(item => item.Text()).OfType<string>()],
            JsonNode one when one.Text() is { } text => [text],
            _ => [],
        },
        Subject = claims.Text("sub"),
    };

    // A NumericDate may carry a fraction of a second.
    private static DateTimeOffset? Time(JsonNode? node)
    {
        const double Latest = 253402300799;
        return node is JsonValue value && value.TryGetValue(out double seconds) && seconds is >= 0 and <= Latest
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
    }

    private static byte[]? Decode(string part)
    {
        string text = part.Replace('-', '+').Replace('_', '/');
        string padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Base64.IsValid(padded) ? Convert.FromBase64String(padded) : null;
    }
}
