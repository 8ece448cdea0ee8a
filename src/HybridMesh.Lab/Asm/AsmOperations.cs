using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The operations the lab answers, each with the methods the service allows.</summary>
internal sealed class AsmOperations(
    AsmEndpointOptions options, AsmVmApps apps, AsmVmMeta meta, AsmFaults faults)
{
    private const string Version = "2020-01-11";

    private static readonly Dictionary<string, string[]> Methods = new()
    {
        ["AddVmAppToMesh"] = ["POST"],
        ["RemoveVmAppFromMesh"] = ["POST", "DELETE"],
        ["GetVmMeta"] = ["GET"],
        ["GetVmAppMeshInfo"] = ["GET"],
        ["DescribeServiceMeshes"] = ["GET"],
        ["DescribeServiceMeshDetail"] = ["GET", "POST"],
        ["DescribeServiceMeshKubeconfig"] = ["GET", "POST"],
    };

    private static readonly string[] Withdrawable =
        ["AddVmAppToMesh", "RemoveVmAppFromMesh", "GetVmMeta", "GetVmAppMeshInfo"];

    /// <summary>The answer's members beside RequestId.</summary>
    public JsonObject Run(AsmRequest request)
    {
        string action = request.Action ?? throw AsmException.Missing("Action");
        if ((request.Version ?? throw AsmException.Missing("Version")) != Version)
        {
            throw new AsmException(400, "InvalidVersion", "Specified parameter Version is not valid.");
        }

        if (!Methods.TryGetValue(action, out string[]? methods) || (faults.Withdrawn && Withdrawable.Contains(action)))
        {
            throw AsmException.NoSuchAction();
        }

        if (!methods.Contains(request.Method))
        {
            throw new AsmException(403, "UnsupportedHTTPMethod", "This http method is not supported.");
        }

        if (action == "DescribeServiceMeshes")
        {
            return new JsonObject { ["ServiceMeshes"] = new JsonArray(Mesh()) };
        }

        string mesh = request.Required("ServiceMeshId");
        return mesh != options.MeshId
            ? throw new AsmException(404, "ServiceMesh.NotFound", $"The specified service mesh {mesh} does not exist.")
            : action switch
            {
                "AddVmAppToMesh" => Data(apps.Add(AsmVmApp.Read(request), Force(request))),
                "RemoveVmAppFromMesh" =>
                    Data(apps.Remove(request.Required("Namespace"), request.Required("ServiceName"))),
                "GetVmMeta" => new JsonObject { ["VmMetaInfo"] = meta.Read(request) },
                "GetVmAppMeshInfo" => Data(apps.Describe().ToJsonString()),
                "DescribeServiceMeshDetail" => new JsonObject { ["ServiceMesh"] = Mesh() },
                _ => new JsonObject
                {
                    ["Kubeconfig"] = options.Kubeconfig?.Invoke() ?? "",
                    ["ExpireTime"] = (options.Clock.GetUtcNow() + TimeSpan.FromDays(1))
                        .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                },
            };
    }

    private static JsonObject Data(string text) => new() { ["Data"] = text };

    // The C# SDK writes True and False.
    private static bool Force(AsmRequest request) => request.Parameter("Force") is string text
        && (bool.TryParse(text, out bool force) ? force : throw AsmException.Invalid("Force", "it is no Boolean."));

    private JsonObject Mesh() => new()
    {
        ["ClusterSpec"] = "standard",
        ["Clusters"] = new JsonArray("c" + new string('0', 32)),
        ["Endpoints"] = new JsonObject(),
        ["ServiceMeshInfo"] = new JsonObject
        {
            ["Name"] = "lab",
            ["Profile"] = "Default",
            ["RegionId"] = options.Region,
            ["ServiceMeshId"] = options.MeshId,
            ["State"] = "running",
            ["Version"] = "v1.22.0-lab",
        },
        ["Spec"] = new JsonObject
        {
            ["MeshConfig"] = new JsonObject
            {
                ["OutboundTrafficPolicy"] = "ALLOW_ANY",
                ["Proxy"] = new JsonObject { ["ClusterDomain"] = "cluster.local", ["EnableDNSProxying"] = false },
            },
            ["Network"] = new JsonObject(),
        },
    };
}
