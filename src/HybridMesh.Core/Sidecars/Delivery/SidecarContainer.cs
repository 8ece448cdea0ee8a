using System.Security.Cryptography;
using System.Text;

namespace HybridMesh.Core;

/// <summary>The container of the method Container.</summary>
internal static class SidecarContainer
{
    /// <summary>The label that marks it as ours; its value is the fingerprint.</summary>
    public const string Label = "hybridmesh.sidecar";

    // To be raised when the options of its start change, so that containers started with others are replaced.
    private const string OptionsVersion = "1";

    /// <summary>The same for the same image and options.</summary>
    public static string Fingerprint(string image) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{OptionsVersion}\n{image}")))[..32];
}
