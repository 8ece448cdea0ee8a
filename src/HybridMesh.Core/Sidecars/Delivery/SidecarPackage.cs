using System.Security.Cryptography;

namespace HybridMesh.Core;

/// <summary>
/// A package of Istio's sidecar: a file here that is sent to each VM, or a URL that each VM fetches itself.
/// </summary>
public sealed class SidecarPackage
{
    private readonly Lazy<string> _source;

    private SidecarPackage(string? path, Uri? url, string kind)
    {
        Path = path;
        Url = url;
        Kind = kind;
        _source = new(() => Url?.AbsoluteUri ?? Digest(Path!));
    }

    /// <summary>The file; null when it is a URL.</summary>
    public string? Path { get; }

    /// <summary>The URL; null when it is a file.</summary>
    public Uri? Url { get; }

    /// <summary>deb or rpm.</summary>
    internal string Kind { get; }

    /// <summary>What tells it from other packages: the URL, or the file's SHA-256.</summary>
    internal string Source => _source.Value;

    /// <summary>Reads what the user typed.</summary>
    /// <exception cref="MeshException">FileNotFound, or ArgumentInvalid when it can be no package.</exception>
    public static SidecarPackage Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Uri? url = text.Contains("://", StringComparison.Ordinal)
            && Uri.TryCreate(text, UriKind.Absolute, out Uri? found) && found.Scheme is "http" or "https"
                ? found : null;
        string kind = System.IO.Path.GetExtension(url?.AbsolutePath ?? text).ToLowerInvariant() switch
        {
            ".deb" => "deb",
            ".rpm" => "rpm",
            _ => throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"'{text}' is no package: give a .deb or .rpm file, or an http(s) URL of one.", text),
        };
        return url is not null || File.Exists(text)
            ? new SidecarPackage(url is null ? text : null, url, kind)
            : throw new MeshException(MeshErrorCode.FileNotFound, $"There is no file '{text}'.", text);
    }

    /// <summary>
    /// The file's name, or the URL without what may be a secret: a password, and what follows the path.
    /// </summary>
    public override string ToString() => Url is null
        ? System.IO.Path.GetFileName(Path!)
        : Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static string Digest(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Convert.ToHexString(SHA256.HashData(file)).ToLowerInvariant();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshException(
                MeshErrorCode.FileNotFound, $"The package '{path}' can't be read: {e.Message}", path, e);
        }
    }
}
