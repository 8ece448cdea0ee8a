using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace HybridMesh.Asm;

/// <summary>An answer of the gateway, successful or not.</summary>
internal sealed record AsmAnswer(int Status, JsonObject Body, TimeSpan? RetryAfter)
{
    private static readonly string[] SuccessCodes = ["200", "OK", "Success", "success"];

    public string Code => Text("Code") ?? Text("code") ?? $"HTTP {Status}";

    public string Message => Text("Message") ?? Text("message") ?? "the service gave no reason.";

    public string? RequestId => Text("RequestId") ?? Text("requestId");

    // An error of some products travels with status 200.
    public bool IsSuccess => Status is >= 200 and < 300
        && ((Text("Code") ?? Text("code")) is not string code || SuccessCodes.Contains(code));

    public bool IsThrottled => !IsSuccess && (Status == 429 || Code.Contains("Throttling", StringComparison.Ordinal));

    public bool IsTransient => !IsSuccess && (Status >= 500 || Code is "ServiceUnavailable" or "InternalError");

    public static async Task<AsmAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        JsonObject body = Parse(text, response.Content.Headers.ContentType);
        return new AsmAnswer((int)response.StatusCode, body, Wait(response));
    }

    public string? Text(string name) =>
        Body[name] is JsonValue value ? value.ToString() : null;

    private static TimeSpan? Wait(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-acs-retry-after", out IEnumerable<string>? values)
        && long.TryParse(values.First(), out long milliseconds) && milliseconds > 0
            ? TimeSpan.FromMilliseconds(milliseconds) : null;

    // A proxy in between may answer with a page of its own: that is no answer of the API, the status alone counts.
    private static JsonObject Parse(string text, MediaTypeHeaderValue? type)
    {
        try
        {
            return type?.MediaType == "text/xml" ? FromXml(text) : JsonNode.Parse(text) as JsonObject ?? [];
        }
        catch (Exception error) when (error is JsonException or XmlException)
        {
            return [];
        }
    }

    private static JsonObject FromXml(string text)
    {
        using XmlReader reader = XmlReader.Create(
            new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return new JsonObject((XDocument.Load(reader).Root?.Elements() ?? [])
            .DistinctBy(element => element.Name.LocalName)
            .Select(element => KeyValuePair.Create<string, JsonNode?>(element.Name.LocalName, element.Value)));
    }
}
