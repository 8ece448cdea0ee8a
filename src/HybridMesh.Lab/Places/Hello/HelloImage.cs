using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>What an image's name says: <c>.../http_springboot_v2:1.0.1</c> speaks HTTP and greets in French.</summary>
internal sealed partial record HelloImage(string Protocol, string Version)
{
    public bool IsGrpc => Protocol == "grpc";

    /// <summary>Where the app listens unless told, and where it expects its backend.</summary>
    public int DefaultPort => IsGrpc ? 7001 : 8001;

    /// <summary>The environment variable that names the backend.</summary>
    public string BackendVariable => IsGrpc ? "GRPC_HELLO_BACKEND" : "HTTP_HELLO_BACKEND";

    public string Greeting => Version switch { "v2" => "Bonjour", "v3" => "Hola", _ => "Hello" };

    public string Farewell => Version switch { "v2" => "Au revoir", "v3" => "Adióbais", _ => "Bye bye" };

    /// <summary>Null when the lab has no such image.</summary>
    public static HelloImage? TryParse(string image)
    {
        Match match = Pattern().Match(image[(image.LastIndexOf('/') + 1)..]);
        return match.Success ? new HelloImage(match.Groups[1].Value, match.Groups[2].Value) : null;
    }

    // docker.sh has the same pattern.
    [GeneratedRegex(@"^(http|grpc)_[a-z0-9_]*(v[1-3])(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?$")]
    private static partial Regex Pattern();
}
