using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace GpuNets.Tests.Architecture;

/// <summary>Writes the public API of an assembly as text: a line per type and per member, in alphabetical order.</summary>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    private static readonly NullabilityInfoContext s_nullability = new();

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Declaration(type)).Append('\n');
            foreach (string member in Members(type).Order(StringComparer.Ordinal).Distinct()) text.Append("    ").Append(member).Append('\n');
        }
        return text.ToString();
    }

    private static string Declaration(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsSubclassOf(typeof(Delegate)) ? "delegate" : type.IsValueType ? "struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        var bases = new List<string>();
        if (kind.EndsWith("class", StringComparison.Ordinal) && type.BaseType is { } parent && parent != typeof(object)) bases.Add(Name(parent));
        if (kind is not ("enum" or "delegate"))
            bases.AddRange(type.GetInterfaces().Where(face => face.IsPublic).Select(Name).Order(StringComparer.Ordinal));
        return $"{kind} {type.Namespace}.{Name(type)}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) return Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(value => $"{Enum.GetName(type, value)} = {value}");
        if (type.IsSubclassOf(typeof(Delegate))) return [Method(type.GetMethod("Invoke")!)];
        // Accessors belong to their property; what the compiler makes for records is not worth a line.
        return type.GetMembers(Declared).Where(member => member.GetCustomAttribute<CompilerGeneratedAttribute>() is null).Select(Member).OfType<string>();
    }

    private static string? Member(MemberInfo member) => member switch
    {
        FieldInfo field when Visible(field.Attributes) =>
            $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}{(field.IsLiteral ? " = " + Literal(field.GetRawConstantValue()) : "")}",
        PropertyInfo property when Visible(property.GetMethod) || Visible(property.SetMethod) => Property(property),
        EventInfo @event when Visible(@event.AddMethod) => $"event {Name(@event.EventHandlerType!)} {@event.Name}",
        ConstructorInfo constructor when Visible(constructor) && !constructor.IsStatic => $"{Access(constructor)}new({Parameters(constructor)})",
        MethodInfo method when Visible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
            && !method.Name.Contains('<', StringComparison.Ordinal) => Method(method),
        _ => null,
    };

    private static string Property(PropertyInfo property)
    {
        var accessor = property.GetMethod ?? property.SetMethod!;
        string set = property.SetMethod is { } setter && Visible(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") ? " init;" : " set;"
            : "";
        string index = property.GetIndexParameters().Length == 0 ? property.Name : $"this[{string.Join(", ", property.GetIndexParameters().Select(Parameter))}]";
        return $"{Access(accessor)}{Modifiers(accessor)}{Name(property.PropertyType)}{Mark(s_nullability.Create(property), property.PropertyType)} {index} {{{(Visible(property.GetMethod) ? " get;" : "")}{set} }}";
    }

    private static string Method(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        string result = Name(method.ReturnType) + Mark(s_nullability.Create(method.ReturnParameter), method.ReturnType);
        return $"{Access(method)}{Modifiers(method)}{result} {method.Name}{generic}({Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        bool many = parameter.GetCustomAttributesData().Any(data => data.AttributeType.Name is "ParamArrayAttribute" or "ParamCollectionAttribute");
        string way = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : many ? "params " : "";
        string value = parameter.HasDefaultValue ? " = " + Literal(parameter.DefaultValue) : "";
        return $"{way}{Name(parameter.ParameterType)}{Mark(s_nullability.Create(parameter), parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Mark(NullabilityInfo info, Type type) => !type.IsValueType && info.ReadState == NullabilityState.Nullable ? "?" : "";

    private static string Modifiers(MethodBase method) => method.IsStatic ? method.IsAbstract ? "static abstract " : "static "
        : method.DeclaringType!.IsInterface ? "" : method.IsAbstract ? "abstract "
        : method is MethodInfo { IsVirtual: true } info && info.GetBaseDefinition() != info ? "override " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "";

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static bool Visible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static bool Visible(FieldAttributes field) => (field & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum => $"{value.GetType().Name}.{value}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsPointer) return Name(type.GetElementType()!) + "*";
        if (s_keywords.TryGetValue(type, out string? keyword)) return keyword;
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        string name = type is { IsNested: true, IsGenericParameter: false } ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        if (!type.IsGenericType) return name;
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return $"{(tick < 0 ? name : name[..tick])}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
