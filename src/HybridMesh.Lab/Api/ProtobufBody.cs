using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// Bodies in Kubernetes' protobuf form, for the few kinds that kubectl creates by typed clients (namespaces,
/// configmaps, secrets, service accounts, token requests). Answers are JSON always: clients accept both.
/// </summary>
internal static class ProtobufBody
{
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    private static readonly byte[] Magic = [0x6b, 0x38, 0x73, 0x00];

    /// <summary>Field number to "name:form"; the forms are in <see cref="Read"/>.</summary>
    private static readonly Dictionary<string, Dictionary<int, string>> Messages = new()
    {
        ["Unknown"] = new() { [1] = "typeMeta:TypeMeta", [2] = "raw:raw" },
        ["TypeMeta"] = new() { [1] = "apiVersion:text", [2] = "kind:text" },
        ["ObjectMeta"] = new()
        {
            [1] = "name:text",
            [2] = "generateName:text",
            [3] = "namespace:text",
            [5] = "uid:text",
            [6] = "resourceVersion:text",
            [7] = "generation:number",
            [11] = "labels:textMap",
            [12] = "annotations:textMap",
            [14] = "finalizers:texts",
        },
        ["Namespace"] =
            new() { [1] = "metadata:ObjectMeta", [2] = "spec:NamespaceSpec", [3] = "status:NamespaceStatus" },
        ["NamespaceSpec"] = new() { [1] = "finalizers:texts" },
        ["NamespaceStatus"] = new() { [1] = "phase:text" },
        ["ConfigMap"] = new()
        {
            [1] = "metadata:ObjectMeta",
            [2] = "data:textMap",
            [3] = "binaryData:bytesMap",
            [4] = "immutable:flag",
        },
        ["Secret"] = new()
        {
            [1] = "metadata:ObjectMeta",
            [2] = "data:bytesMap",
            [3] = "type:text",
            [4] = "stringData:textMap",
            [5] = "immutable:flag",
        },
        ["ServiceAccount"] = new() { [1] = "metadata:ObjectMeta", [4] = "automountServiceAccountToken:flag" },
        ["TokenRequest"] = new() { [1] = "metadata:ObjectMeta", [2] = "spec:TokenRequestSpec" },
        ["TokenRequestSpec"] = new() { [1] = "audiences:texts", [4] = "expirationSeconds:number" },
    };

    public static JsonObject Parse(byte[] body)
    {
        try
        {
            if (!body.AsSpan().StartsWith(Magic))
            {
                throw new InvalidDataException("provided data does not appear to be a protobuf message");
            }

            JsonObject envelope = Message("Unknown", body.AsSpan(Magic.Length));
            string kind = (string?)envelope["typeMeta"]?["kind"] ?? "";
            if (!Messages.ContainsKey(kind))
            {
                throw ApiException.UnsupportedMediaType($"{BodyReader.JsonType}, {BodyReader.YamlType}");
            }

            JsonObject item = Message(kind, Convert.FromBase64String((string?)envelope["raw"] ?? ""));
            item["apiVersion"] = (string?)envelope["typeMeta"]?["apiVersion"];
            item["kind"] = kind;
            return item;
        }
        catch (Exception failure) when (failure is InvalidDataException or IndexOutOfRangeException
            or ArgumentOutOfRangeException)
        {
            throw ApiException.BadRequest($"couldn't decode protobuf: {failure.Message}");
        }
    }

    private static JsonObject Message(string name, ReadOnlySpan<byte> bytes)
    {
        JsonObject result = [];
        Dictionary<int, string> fields = Messages[name];
        int at = 0;
        while (at < bytes.Length)
        {
            ulong tag = ProtobufWire.Varint(bytes, ref at);
            ReadOnlySpan<byte> payload = ProtobufWire.Payload((int)(tag & 7), bytes, ref at, out ulong number);
            if (fields.TryGetValue((int)(tag >> 3), out string? field))
            {
                string[] parts = field.Split(':');
                Read(result, parts[0], parts[1], payload, number);
            }
        }

        return result;
    }

    private static void Read(JsonObject target, string name, string form, ReadOnlySpan<byte> payload, ulong number)
    {
        switch (form)
        {
            case "text":
                // Go writes every string field, the empty ones too.
                if (payload.Length > 0)
                {
                    target[name] = Encoding.UTF8.GetString(payload);
                }

                break;
            case "number" when number != 0:
                target[name] = JsonNode.Parse(((long)number).ToString(CultureInfo.InvariantCulture));
                break;
            case "flag":
                target[name] = number != 0;
                break;
            case "raw":
                target[name] = Convert.ToBase64String(payload);
                break;
            case "texts":
                JsonArray list = target[name] as JsonArray ?? [];
                list.Add(Encoding.UTF8.GetString(payload));
                target[name] = list.Parent is null ? list : list.DeepClone();
                break;
            case "textMap" or "bytesMap":
                JsonObject map = target[name]?.DeepClone() as JsonObject ?? [];
                AddEntry(map, payload, form == "bytesMap");
                target[name] = map;
                break;
            case "number":
                break;
            default:
                target[name] = Message(form, payload);
                break;
        }
    }

    private static void AddEntry(JsonObject map, ReadOnlySpan<byte> entry, bool binary)
    {
        string key = "";
        string value = "";
        int at = 0;
        while (at < entry.Length)
        {
            ulong tag = ProtobufWire.Varint(entry, ref at);
            ReadOnlySpan<byte> payload = ProtobufWire.Payload((int)(tag & 7), entry, ref at, out _);
            if (tag >> 3 == 1)
            {
                key = Encoding.UTF8.GetString(payload);
            }
            else
            {
                value = binary ? Convert.ToBase64String(payload) : Encoding.UTF8.GetString(payload);
            }
        }

        map[key] = value;
    }
}
