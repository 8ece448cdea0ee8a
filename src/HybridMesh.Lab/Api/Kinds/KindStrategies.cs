using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>What each kind does with a write: defaults, fields the server fills in, validation.</summary>
internal sealed class KindStrategies(ObjectStore store, ApiServerOptions options)
{
    private readonly ServiceStrategy _services = new(store, options);

    /// <summary>A copy with the defaults of the kind's version.</summary>
    public static JsonObject Default(ResourceType type, JsonObject item)
    {
        JsonObject result = WithoutNulls(item);
        switch (type.Kind)
        {
            case "Service":
                ServiceStrategy.Default(result);
                break;
            case "Deployment":
                DeploymentStrategy.Default(result);
                break;
            case "Pod" when result["spec"] is JsonObject spec:
                PodDefaults.Apply(spec);
                break;
            case "Secret":
                result["type"] ??= "Opaque";
                break;
            case "Namespace":
                NamespaceStrategy.Default(result);
                break;
            default:
                break;
        }

        return JsonTree.Parsed(result);
    }

    public void PrepareCreate(ResourceType type, JsonObject item, bool dryRun)
    {
        switch (type.Kind)
        {
            case "Service":
                _services.PrepareCreate(item, dryRun);
                break;
            case "Deployment":
                item["status"] = new JsonObject();
                break;
            case "Pod":
                PodDefaults.Admit(item);
                break;
            case "Secret":
                SecretStrategy.TakeStringData(item);
                break;
            case "Namespace":
                NamespaceStrategy.PrepareCreate(item);
                break;
            default:
                break;
        }
    }

    public void PrepareUpdate(ResourceType type, JsonObject item, JsonObject live)
    {
        switch (type.Kind)
        {
            case "Service":
                _services.PrepareUpdate(item, live);
                break;
            case "Secret":
                SecretStrategy.TakeStringData(item);
                break;
            case "Namespace":
                item["spec"] = live["spec"]?.DeepClone();
                break;
            default:
                break;
        }
    }

    public IEnumerable<StatusCause> Validate(ResourceType type, JsonObject item, JsonObject? live) => type.Kind switch
    {
        _ when type.IsCustom =>
            [.. CustomValidation.Check(SchemaCatalog.Shared.Of(type), item), .. MeshValidation.Check(type, item)],
        "Service" => _services.Validate(item, live),
        "Deployment" => DeploymentStrategy.Validate(item, live),
        "Pod" => PodValidation.Check(item, live),
        "Secret" => SecretStrategy.Validate(item, live),
        "ConfigMap" => SecretStrategy.ValidateConfigMap(item, live),
        _ => [],
    };

    /// <summary>What admission webhooks refuse, after everything else.</summary>
    public static void Admit(ResourceType type, JsonObject item)
    {
        if (type.Kind == "VirtualService")
        {
            IstioAdmission.CheckVirtualService(item);
        }
    }

    private static JsonObject WithoutNulls(JsonObject item)
    {
        JsonObject result = [];
        foreach ((string name, JsonNode? value) in item)
        {
            if (value is not null)
            {
                result[name] = value is JsonObject map ? WithoutNulls(map) : value.DeepClone();
            }
        }

        return result;
    }
}
