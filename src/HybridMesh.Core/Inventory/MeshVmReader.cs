using System.Collections;
using System.Globalization;

namespace HybridMesh.Core;

/// <summary>
/// Makes a <see cref="MeshVm"/> of anything with named values: a row of a file, a hashtable, another command's
/// output. The one place that knows the property names.
/// </summary>
public static class MeshVmReader
{
    /// <summary>The properties understood, in the order a file's columns have by convention.</summary>
    public static IReadOnlyList<string> PropertyNames { get; } =
    [
        "Name", "Address", "SshHost", "SshPort", "User", "KeyFile", "KnownHostsFile", "Version", "Labels",
        "ServiceAccount", "Network", "Locality", "Weight",
    ];

    /// <summary>Reads one VM.</summary>
    /// <param name="read">Gives the value of a property by name, or null.</param>
    /// <param name="described">What is being read, for messages: <c>line 3 of 'vms.csv'</c>.</param>
    /// <exception cref="MeshException">InventoryInvalid, when it describes no VM.</exception>
    public static MeshVm Read(Func<string, object?> read, string described)
    {
        ArgumentNullException.ThrowIfNull(read);
        // Results about a VM carry the VM itself, so that it is reached again the same way.
        if (read("Vm") is MeshVm vm)
        {
            return vm;
        }

        string? sshHost = Text(read, "SshHost");
        string address = Text(read, "Address") ?? sshHost ?? throw Invalid(
            described,
            "it has neither Address nor SshHost. Pass objects of Import-MeshVm, rows with these columns, or a "
            + "hashtable such as @{ Name = 'vm1'; Address = '10.0.0.5' }.");
        return new MeshVm
        {
            Name = Text(read, "VmName") ?? Text(read, "Name") ?? address,
            Address = address,
            SshHost = sshHost ?? address,
            SshPort = Number(read, "SshPort", 1, 65535, described) ?? 22,
            User = Text(read, "User"),
            KeyFile = Text(read, "KeyFile"),
            KnownHostsFile = Text(read, "KnownHostsFile"),
            Version = Text(read, "Version"),
            Labels = Labels(read("Labels"), described),
            ServiceAccount = Text(read, "ServiceAccount"),
            Network = Text(read, "Network"),
            Locality = Text(read, "Locality"),
            Weight = Number(read, "Weight", 0, int.MaxValue, described),
        };
    }

    private static string? Text(Func<string, object?> read, string name) =>
        Convert.ToString(read(name), CultureInfo.InvariantCulture)?.Trim() is { Length: > 0 } text ? text : null;

    private static int? Number(Func<string, object?> read, string name, int lowest, int highest, string described)
    {
        if (Text(read, name) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= lowest && number <= highest
                ? number
                : throw Invalid(described, highest == int.MaxValue
                    ? $"{name} '{text}' is no whole number from {lowest} on."
                    : $"{name} '{text}' is no number from {lowest} to {highest}.");
    }

    private static Dictionary<string, string> Labels(object? value, string described)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        IEnumerable<(string Key, string Value)> pairs = value switch
        {
            null => [],
            IReadOnlyDictionary<string, string> typed => typed.Select(pair => (pair.Key, pair.Value)),
            IDictionary table => table.Keys.Cast<object>().Select(key => (Invariant(key), Invariant(table[key]))),
            string text => text
                .Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(pair => Pair(pair, described)),
            _ => throw Invalid(
                described, $"Labels are of type {value.GetType().Name}; write them as a=1;b=2 or as a hashtable."),
        };
        foreach ((string key, string text) in pairs)
        {
            labels[key] = text;
        }

        return labels;
    }

    private static (string Key, string Value) Pair(string text, string described)
    {
        string[] parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 && parts[0].Length > 0
            ? (parts[0], parts[1])
            : throw Invalid(described, $"label '{text}' is not of the form name=value.");
    }

    private static string Invariant(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static MeshException Invalid(string described, string why) =>
        new(MeshErrorCode.InventoryInvalid, $"{described} is no VM: {why}");
}
