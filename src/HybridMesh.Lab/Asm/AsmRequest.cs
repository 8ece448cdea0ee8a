using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace HybridMesh.Lab;

/// <summary>A call as it was received: everything a signature may cover.</summary>
internal sealed class AsmRequest
{
    private const int LargestBody = 1 << 20;

    public AsmRequest(
        string method, string target, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        string[] parts = target.Split('?', 2);
        Method = method;
        Path = parts[0];
        Query = PercentEncoding.Pairs(parts.Length == 2 ? parts[1] : "");
        Headers = headers;
        Body = body;
        bool isForm = headers.GetValueOrDefault("content-type", "")
            .StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        Form = isForm ? PercentEncoding.Pairs(Encoding.UTF8.GetString(body)) : [];
    }

    public string Method { get; }

    public string Path { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Query { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Form { get; }

    /// <summary>By lower-case name; repeated ones joined.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    public byte[] Body { get; }

    public string? Action => Header("x-acs-action") ?? Parameter("Action");

    public string? Version => Header("x-acs-version") ?? Parameter("Version");

    /// <summary>A parameter, which may travel in the query or in the form; empty counts as absent.</summary>
    public string? Parameter(string name)
    {
        string? value = Query.Concat(Form).FirstOrDefault(pair => pair.Key == name).Value;
        return string.IsNullOrEmpty(value) ? null : value;
    }

    public string Required(string name) => Parameter(name) ?? throw AsmException.Missing(name);

    public string? Header(string name) =>
        Headers.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    public static async Task<AsmRequest> ReadAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (body.Length > LargestBody)
        {
            throw new AsmException(413, "RequestEntityTooLarge", "The request is too large.");
        }

        return new AsmRequest(
            http.Request.Method, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            http.Request.Headers.ToDictionary(
                header => header.Key.ToLowerInvariant(),
                header => string.Join(',', header.Value.Select(value => value?.Trim()).Order(StringComparer.Ordinal))),
            body.ToArray());
    }
}
