using System.Net;
using System.Net.Sockets;

namespace HybridMesh.Core;

/// <summary>IP addresses as text, compared by what they mean.</summary>
internal static class MeshAddress
{
    /// <summary>The canonical form; null when it is no IP address that can be sent to.</summary>
    public static string? Normalize(string? text)
    {
        // IPAddress also reads "1" and "0x7f.1"; a mesh does not.
        if (text is null || !IPAddress.TryParse(text.Trim(), out IPAddress? address)
            || (address.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') != 3)
            || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            return null;
        }

        return address.ToString();
    }

    /// <summary>Whether two addresses are the same; text that is no IP address is compared as it is.</summary>
    public static bool Same(string? left, string? right) => (Normalize(left) ?? left) == (Normalize(right) ?? right);
}
