using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>A host name and the address it stands for.</summary>
public sealed partial record HostRecord
{
    /// <summary>Makes a record.</summary>
    /// <exception cref="MeshException">
    /// ArgumentInvalid, when the name or the address can't stand in a hosts file.
    /// </exception>
    public HostRecord(string hostName, string ipAddress)
    {
        ArgumentNullException.ThrowIfNull(hostName);
        ArgumentNullException.ThrowIfNull(ipAddress);
        string name = hostName.TrimEnd('.');
        HostName = name.Length <= 253 && NamePattern().IsMatch(name)
            ? name
            : throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"'{hostName}' is no host name; it takes letters, digits, hyphens and dots.",
                hostName);
        Address = ParseAddress(ipAddress) ?? throw new MeshException(
            MeshErrorCode.ArgumentInvalid, $"'{ipAddress}' is no IP address to write into a hosts file.", ipAddress);
    }

    private HostRecord(string hostName, IPAddress address)
    {
        HostName = hostName;
        Address = address;
    }

    /// <summary>The host name.</summary>
    public string HostName { get; }

    /// <summary>The address, as text.</summary>
    public string IPAddress => Address.ToString();

    internal IPAddress Address { get; }

    /// <summary>The record as a hosts file has it.</summary>
    public override string ToString() => $"{IPAddress} {HostName}";

    /// <summary>A record as it is in a file, which need not be one we would write.</summary>
    internal static HostRecord Found(HostsEntry entry, string name) => new(name, entry.Address);

    /// <summary>Whether an entry of the file is about this name, for addresses of the same family.</summary>
    internal bool IsNamedBy(HostsEntry entry) =>
        entry.Address.AddressFamily == Address.AddressFamily
        && entry.Names.Contains(HostName, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// An address as people write it; null for the short forms such as <c>10.1</c> that only C knows.
    /// </summary>
    internal static IPAddress? ParseAddress(string text) =>
        System.Net.IPAddress.TryParse(text, out IPAddress? address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6
            ? address.ScopeId == 0
            : string.Equals(address.ToString(), text, StringComparison.Ordinal))
            ? address
            : null;

    [GeneratedRegex(
        @"^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$")]
    private static partial Regex NamePattern();
}

/// <summary>A line of a hosts file that gives an address names.</summary>
/// <param name="LineNumber">The line, from 1.</param>
/// <param name="Address">The address.</param>
/// <param name="Names">The names, in the file's order.</param>
/// <param name="IsOwn">Whether it stands in our block.</param>
internal sealed record HostsEntry(int LineNumber, IPAddress Address, IReadOnlyList<string> Names, bool IsOwn)
{
    /// <summary>Reads a line; null for comments, blank lines and what no resolver understands.</summary>
    public static HostsEntry? Parse(int number, string line, bool isOwn)
    {
        int comment = line.IndexOf('#', StringComparison.Ordinal);
        string[] fields = (comment < 0 ? line : line[..comment])
            .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 && System.Net.IPAddress.TryParse(fields[0], out IPAddress? address)
            ? new HostsEntry(number, address, fields[1..], isOwn)
            : null;
    }

    /// <summary>The entry for messages.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"line {LineNumber} ({Address} {string.Join(' ', Names)})");
}
