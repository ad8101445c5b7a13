using GpuNets.Kernels;

namespace GpuNets.Tests.Devices;

/// <summary>
/// Every kernel of the library with its type arguments filled in, found by reflection. A generic kernel is closed so often that each
/// functor it may take appears at least once.
/// </summary>
internal static class KernelCatalogue
{
    private static readonly Type[] s_structs =
        [.. typeof(Device).Assembly.GetTypes().Where(type => type.IsValueType && !type.IsPrimitive && !type.IsEnum)];

    private static readonly Dictionary<string, Type> s_kernels = s_structs
        .Where(type => Implements(type, typeof(IElementKernel)) || Implements(type, typeof(IRowKernel)))
        .SelectMany(Close)
        .ToDictionary(KernelCache.Describe);

    public static IReadOnlyDictionary<string, Type> Kernels => s_kernels;

    /// <summary>The methods that are compiled for a kernel, with the group size they are compiled for.</summary>
    public static IEnumerable<(string Entry, int Group)> CudaEntries(Type kernel) => IsElementwise(kernel)
        ? [(nameof(DeviceEntries.Elements), 256)]
        : [(nameof(DeviceEntries.RowsByWarp), 128), (nameof(DeviceEntries.RowsByGroup), GroupTeam.MaxSize)];

    /// <inheritdoc cref="CudaEntries"/>
    public static IEnumerable<(string Entry, int Group)> OpenClEntries(Type kernel) => IsElementwise(kernel)
        ? [(nameof(DeviceEntries.Elements), 256), (nameof(DeviceEntries.ElementBlocks), DeviceEntries.Block)]
        : [(nameof(DeviceEntries.RowsSerial), LaunchPlan.LargestSerialGroup), (nameof(DeviceEntries.RowsByGroup), GroupTeam.MaxSize)];

    private static bool IsElementwise(Type kernel) => Implements(kernel, typeof(IElementKernel));

    private static bool Implements(Type type, Type contract) => type.GetInterfaces().Contains(contract);

    private static IEnumerable<Type> Close(Type type)
    {
        if (!type.IsGenericTypeDefinition) return [type];
        var choices = type.GetGenericArguments().Select(parameter => Candidates(parameter).ToArray()).ToArray();
        for (int i = 0; i < choices.Length; i++)
            if (choices[i].Length == 0) throw new InvalidOperationException($"{type.Name}: nothing implements the constraints of {type.GetGenericArguments()[i].Name}.");
        return Enumerable.Range(0, choices.Max(choice => choice.Length))
            .Select(round => type.MakeGenericType([.. choices.Select(choice => choice[round % choice.Length])]));
    }

    private static IEnumerable<Type> Candidates(Type parameter)
    {
        var contracts = parameter.GetGenericParameterConstraints().Where(constraint => constraint.IsInterface && !constraint.IsGenericType).ToArray();
        return contracts.Length == 0
            ? []
            : s_structs.Where(type => contracts.All(contract => Implements(type, contract))).SelectMany(Close);
    }
}
