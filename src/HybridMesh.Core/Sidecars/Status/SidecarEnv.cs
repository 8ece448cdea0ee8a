using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>The environment of a sidecar's agent, as cluster.env gives it to the shell that starts the agent.</summary>
public sealed class SidecarEnv
{
    private readonly IReadOnlyDictionary<string, string> _values;

    private SidecarEnv(IReadOnlyDictionary<string, string> values) => _values = values;

    /// <summary>The value of a variable; null when it is not set, or empty.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>The variables.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>The workload's namespace.</summary>
    public string? Namespace => this["ISTIO_NAMESPACE"] ?? this["POD_NAMESPACE"];

    /// <summary>The service account.</summary>
    public string? ServiceAccount => this["SERVICE_ACCOUNT"];

    /// <summary>The workload's name.</summary>
    public string? WorkloadName => this["ISTIO_META_WORKLOAD_NAME"] ?? this["CANONICAL_SERVICE"];

    /// <summary>The VM's network.</summary>
    public string? Network => this["ISTIO_META_NETWORK"];

    /// <summary>Whether the agent answers the VM's DNS questions.</summary>
    public bool CapturesDns =>
        string.Equals(this["ISTIO_META_DNS_CAPTURE"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the VM's administrator makes the rules that capture traffic.</summary>
    public bool CustomCapture =>
        string.Equals(this["ISTIO_CUSTOM_IP_TABLES"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The labels the proxy says it has; empty when there are none or they can't be read.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; private init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// The version: the label, else the canonical revision, which is <c>latest</c> where there is none.
    /// </summary>
    public string? Version => Labels.GetValueOrDefault("version")
        ?? (this["CANONICAL_REVISION"] is { } revision && revision != "latest" ? revision : null);

    /// <summary>Reads a file as the shell would; lines that are no assignment are left out.</summary>
    public static SidecarEnv Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        int position = 0;
        while (position < text.Length)
        {
            ReadOnlySpan<char> rest = text.AsSpan(position).TrimStart();
            position = text.Length - rest.Length;
            int equals = rest.IndexOf('=');
            int end = rest.IndexOf('\n');
            if (rest.Length == 0 || rest[0] == '#' || equals < 0 || (end >= 0 && end < equals))
            {
                position += end < 0 ? rest.Length : end + 1;
                continue;
            }

            string name = rest[..equals].ToString().Trim();
            name = name.StartsWith("export ", StringComparison.Ordinal) ? name[7..].Trim() : name;
            position += equals + 1;
            values[name] = Word(text, ref position);
        }

        return new SidecarEnv(values) { Labels = ReadLabels(values) };
    }

    // One word of sh: '...' is literal, "..." and bare text know the backslash.
    private static string Word(string text, ref int position)
    {
        StringBuilder word = new();
        char quote = '\0';
        for (; position < text.Length; position++)
        {
            char c = text[position];
            if (quote == '\0' && (char.IsWhiteSpace(c) || c == ';'))
            {
                position++;
                break;
            }

            if (c == quote || (quote == '\0' && c is '\'' or '"'))
            {
                quote = quote == '\0' ? c : '\0';
            }
            else if (c == '\\' && quote != '\'' && position + 1 < text.Length)
            {
                word.Append(text[++position]);
            }
            else
            {
                word.Append(c);
            }
        }

        return word.ToString();
    }

    private static Dictionary<string, string> ReadLabels(Dictionary<string, string> values)
    {
        try
        {
            return JsonNode.Parse(values.GetValueOrDefault("ISTIO_METAJSON_LABELS") ?? "{}").Strings();
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
