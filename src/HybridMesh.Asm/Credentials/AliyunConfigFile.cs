using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Asm;

/// <summary>The profiles that <c>aliyun configure</c> writes: ~/.aliyun/config.json.</summary>
internal sealed class AliyunConfigFile(string path, TimeProvider clock)
{
    private JsonObject? _content;

    public string Path => path;

    /// <summary>The profiles there are, for messages.</summary>
    public string Known =>
        Profiles.Select(profile => Text(profile, "name")).OfType<string>().ToList() is { Count: > 0 } names
            ? $" (there are: {string.Join(", ", names)})" : "";

    private IEnumerable<JsonObject> Profiles => (Content?["profiles"] as JsonArray)?.OfType<JsonObject>() ?? [];

    private JsonObject? Content => _content ??= Read();

    /// <summary>The profile's key, or the current profile's; null when there is no such profile.</summary>
    /// <exception cref="MeshException">CredentialsNotFound, when it is of a mode that can't be used.</exception>
    public AsmCredential? Find(string? name)
    {
        string? wanted = name ?? Text(Content, "current");
        JsonObject? profile = Profiles.FirstOrDefault(item => Text(item, "name") == wanted);

        // `aliyun` leaves an empty profile "default" of mode AK behind when it was run without being configured.
        return profile is null || (name is null && IsBlank(profile)) ? null : Read(profile, wanted!);
    }

    private static bool IsBlank(JsonObject profile) =>
        (Text(profile, "mode") ?? "AK").Equals("AK", StringComparison.OrdinalIgnoreCase)
        && Text(profile, "access_key_id") is null && Text(profile, "access_key_secret") is null;

    private AsmCredential Read(JsonObject profile, string name)
    {
        string mode = Text(profile, "mode") ?? "AK";
        switch (mode.ToUpperInvariant())
        {
            case "AK":
                return Key(profile, name, mode) with { SecurityToken = null };
            case "STSTOKEN":
                return WithToken(profile, name, mode);
            case "CLOUDSSO" or "OAUTH":
                CheckExpiration(profile, name, mode);
                return WithToken(profile, name, mode);
            default:
                throw CredentialChain.NotFound(
                    $"Profile '{name}' in {path} has mode {mode}, which HybridMesh can't use. Use a profile of mode "
                    + "AK, StsToken, CloudSSO or OAuth, or set ALIBABA_CLOUD_ACCESS_KEY_ID, "
                    + "ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN to credentials obtained "
                    + "with it.",
                    name);
        }
    }

    private AsmCredential WithToken(JsonObject profile, string name, string mode)
    {
        AsmCredential key = Key(profile, name, mode);
        return key.SecurityToken is not null ? key : throw Incomplete(name, mode, "sts_token");
    }

    private AsmCredential Key(JsonObject profile, string name, string mode) => new(
        Text(profile, "access_key_id") ?? throw Incomplete(name, mode, "access_key_id"),
        Text(profile, "access_key_secret") ?? throw Incomplete(name, mode, "access_key_secret"),
        Text(profile, "sts_token"));

    private void CheckExpiration(JsonObject profile, string name, string mode)
    {
        long until = profile["sts_expiration"] is JsonValue value
            && long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                ? seconds : 0;
        if (until <= clock.GetUtcNow().ToUnixTimeSeconds())
        {
            string when = until == 0 ? "has no valid session"
                : $"expired at {DateTimeOffset.FromUnixTimeSeconds(until).ToString("u", CultureInfo.InvariantCulture)}";
            throw CredentialChain.NotFound(
                $"Profile '{name}' in {path} (mode {mode}) {when}; sign in again with "
                + $"'aliyun configure --mode {mode} --profile {name}'.",
                name);
        }
    }

    private MeshException Incomplete(string name, string mode, string field) => CredentialChain.NotFound(
        $"Profile '{name}' in {path} (mode {mode}) has no {field}; run "
        + $"'aliyun configure --mode {mode} --profile {name}'.",
        name);

    private JsonObject? Read()
    {
        try
        {
            return File.Exists(path)
                ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException() : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            // What a parser says of the text may quote it: the reason is told without it.
            throw CredentialChain.NotFound(
                $"{path} can't be read ({(error is JsonException ? "it is not valid JSON" : error.Message)}); "
                + "repair it, or run 'aliyun configure'.",
                path);
        }
    }

    private static string? Text(JsonObject? item, string name) =>
        item?[name] is JsonValue value && value.TryGetValue(out string? text) && !string.IsNullOrWhiteSpace(text)
            ? text.Trim() : null;
}
