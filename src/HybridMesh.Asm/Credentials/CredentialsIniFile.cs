using HybridMesh.Core;

namespace HybridMesh.Asm;

/// <summary>The SDKs' credentials file: ~/.alibabacloud/credentials.ini, or ALIBABA_CLOUD_CREDENTIALS_FILE.</summary>
internal sealed class CredentialsIniFile(string path, bool isRequired)
{
    public string Path => path;

    public static CredentialsIniFile Of(AsmEnvironment environment)
    {
        string? given = environment.First("ALIBABA_CLOUD_CREDENTIALS_FILE");
        return new CredentialsIniFile(
            given ?? System.IO.Path.Combine(environment.Home, ".alibabacloud", "credentials.ini"), given is not null);
    }

    /// <summary>The section's key, <c>default</c> without a name; null when there is no such section.</summary>
    public AsmCredential? Find(string? name)
    {
        string section = name ?? "default";
        Dictionary<string, string>? values = Read(section);
        if (values is null || (bool.TryParse(values.GetValueOrDefault("enable"), out bool isEnabled) && !isEnabled))
        {
            return null;
        }

        string type = values.GetValueOrDefault("type", "access_key");
        if (type is not ("access_key" or "sts"))
        {
            throw CredentialChain.NotFound(
                $"Section [{section}] of {path} has type {type}, which HybridMesh can't use; use type access_key, "
                + "or a profile of 'aliyun configure'.",
                section);
        }

        return new AsmCredential(
            Value(values, section, "access_key_id"), Value(values, section, "access_key_secret"),
            values.GetValueOrDefault("security_token"));
    }

    private string Value(Dictionary<string, string> values, string section, string key) =>
        values.GetValueOrDefault(key) ?? throw CredentialChain.NotFound(
            $"Section [{section}] of {path} has no {key}.", section);

    private Dictionary<string, string>? Read(string wanted)
    {
        if (!File.Exists(path) && !isRequired)
        {
            return null;
        }

        try
        {
            return Parse(File.ReadLines(path), wanted);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CredentialChain.NotFound($"{path} can't be read: {error.Message}", path, error);
        }
    }

    private static Dictionary<string, string>? Parse(IEnumerable<string> lines, string wanted)
    {
        Dictionary<string, string>? values = null;
        string section = "";
        foreach (string line in lines.Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] is not ('#' or ';')))
        {
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                section = line[1..^1].Trim();
                values ??= section == wanted ? new(StringComparer.OrdinalIgnoreCase) : null;
            }
            else if (section == wanted && line.Split('=', 2) is [string key, string value] && value.Trim().Length > 0)
            {
                values![key.Trim()] = value.Trim();
            }
        }

        return values;
    }
}
