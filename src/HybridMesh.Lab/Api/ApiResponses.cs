using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Writes answers as an API server does: compact JSON and a newline.</summary>
internal static class ApiResponses
{
    public static Task WriteJsonAsync(this HttpContext http, int code, JsonNode body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body.ToJsonString(FieldPath.Json) + "\n");
        return WriteAsync(http, code, "application/json", bytes);
    }

    public static Task WriteTextAsync(this HttpContext http, int code, string text) =>
        WriteAsync(http, code, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    public static void AddWarnings(this HttpContext http, IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
        {
            string quoted = warning.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal);
            http.Response.Headers.Append("Warning", $"299 - \"{quoted}\"");
        }
    }

    private static async Task WriteAsync(HttpContext http, int code, string contentType, byte[] bytes)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        http.Response.Headers.CacheControl = "no-cache, private";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        }
    }
}
