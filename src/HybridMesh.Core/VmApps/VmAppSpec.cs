using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>What is to run on a VM.</summary>
public sealed partial record VmAppSpec
{
    /// <summary>Makes a specification.</summary>
    /// <exception cref="MeshException">
    /// ArgumentInvalid, when no container could have that name, image or environment.
    /// </exception>
    public VmAppSpec(string name, string image, IDictionary? environment)
    {
        Name = CheckName(name);
        ArgumentNullException.ThrowIfNull(image);
        Image = image.Length > 0 && !image.StartsWith('-') && !image.Any(char.IsWhiteSpace)
            ? image
            : throw new MeshException(MeshErrorCode.ArgumentInvalid, $"'{image}' is no image name.", image);
        Environment = Read(environment);
    }

    /// <summary>The app's name.</summary>
    public string Name { get; }

    /// <summary>The image.</summary>
    public string Image { get; }

    /// <summary>The environment variables, in the order of their names.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The same for the same image and environment, and for no others.</summary>
    internal string Fingerprint => Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        (string[])[Image, .. Environment.SelectMany(pair => (string[])[pair.Key, pair.Value])])))[..32];

    internal static string CheckName(string name) => NamePattern().IsMatch(name)
        ? name
        : throw new MeshException(
            MeshErrorCode.ArgumentInvalid,
            $"'{name}' is no name for an app; it takes letters, digits, '_', '.' and '-', and at least two of them.",
            name);

    private static SortedDictionary<string, string> Read(IDictionary? environment)
    {
        SortedDictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (object key in environment?.Keys ?? Array.Empty<object>())
        {
            string name = Convert.ToString(key, CultureInfo.InvariantCulture) ?? "";
            string value = Convert.ToString(environment![key], CultureInfo.InvariantCulture) ?? "";
            variables[name] = VariablePattern().IsMatch(name) && !value.Contains('\0', StringComparison.Ordinal)
                ? value
                : throw new MeshException(
                    MeshErrorCode.ArgumentInvalid, $"'{name}' can't be an environment variable.", name);
        }

        return variables;
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")]
    private static partial Regex NamePattern();

    // Commas would end the name in the label that lists our variables.
    [GeneratedRegex(@"^[^=,\s\0]+$")]
    private static partial Regex VariablePattern();
}
