using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GpuNets.Models;

/// <summary>Changes single options by name: <c>Model.MemoryRows=64</c>.</summary>
public static class RunOptionsEditor
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The options with one of them replaced.</summary>
    /// <param name="options">An options record.</param>
    /// <param name="assignment"><c>Name=value</c>; names of nested records are joined by dots; letter case does not matter.</param>
    /// <exception cref="ArgumentException">There is no such option, or the value does not fit; the message says what would be right.</exception>
    public static IRunOptions Set(IRunOptions options, string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) throw new ArgumentException($"'{assignment}' is not of the form Option=value.");
        string path = assignment[..equals].Trim(), value = assignment[(equals + 1)..].Trim();
        var root = JsonSerializer.SerializeToNode(options, options.GetType(), s_json)!.AsObject();
        var node = root;
        var type = options.GetType();
        string[] names = path.Split('.');
        PropertyInfo? property = null;
        for (int i = 0; i < names.Length; i++)
        {
            property = Find(type, names[i]) ?? throw new ArgumentException($"there is no option '{path}'; {Names(type, names[..i])}.");
            if (i + 1 < names.Length) node = node[property.Name]?.AsObject() ?? throw new ArgumentException($"'{path}': {property.Name} has no options in it.");
            type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        }
        node[property!.Name] = Parse(type, value);
        try
        {
            return (IRunOptions)root.Deserialize(options.GetType(), s_json)!;
        }
        catch (JsonException)
        {
            throw new ArgumentException($"'{value}' is not a value for {path}: expected {Expected(type)}.");
        }
    }

    /// <summary>Every settable option as <c>Name=value</c>, nested ones with dots.</summary>
    public static IEnumerable<string> List(IRunOptions options) =>
        Flatten(JsonSerializer.SerializeToNode(options, options.GetType(), s_json)!.AsObject(), "");

    private static IEnumerable<string> Flatten(JsonObject node, string prefix) => node.SelectMany(pair =>
        pair.Value is JsonObject inner ? Flatten(inner, $"{prefix}{pair.Key}.") : [$"{prefix}{pair.Key}={(pair.Value is JsonArray array ? array.ToJsonString() : pair.Value?.ToString() ?? "null")}"]);

    private static PropertyInfo? Find(Type type, string name) =>
        Settable(type).FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite && property.GetIndexParameters().Length == 0);

    private static string Names(Type type, string[] prefix) =>
        Settable(type).Select(property => string.Join('.', [.. prefix, property.Name])).ToArray() is { Length: > 0 } names
            ? "there is " + string.Join(", ", names)
            : $"{string.Join('.', prefix)} has no options in it";

    private static JsonNode? Parse(Type type, string value)
    {
        if (value.Equals("null", StringComparison.OrdinalIgnoreCase)) return null;
        if (type == typeof(string) || type.IsEnum) return JsonValue.Create(value);
        try { return JsonNode.Parse(value.ToLowerInvariant() is "true" or "false" ? value.ToLowerInvariant() : value); }
        catch (JsonException) { return JsonValue.Create(value); }
    }

    private static string Expected(Type type) => type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type))
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(float) || type == typeof(double) ? "a number"
        : type.Name;
}
