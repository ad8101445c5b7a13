using System.Reflection;
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

    private static readonly Type[] s_contracts =
        [typeof(IElementKernel), typeof(IRowElementKernel), typeof(IRowKernel), typeof(IGroupKernel), typeof(IGridKernel)];

    private static readonly Dictionary<string, Type> s_kernels = s_structs
        .Where(type => type.GetInterfaces().Intersect(s_contracts).Any())
        .SelectMany(Close)
        .ToDictionary(KernelCache.Describe);

    public static IReadOnlyDictionary<string, Type> Kernels => s_kernels;

    /// <summary>True for kernels that OpenCL devices run, too.</summary>
    public static bool IsPortable(Type kernel) =>
        kernel.GetCustomAttribute<ComputeCapabilityAttribute>() is null && kernel.GetGenericArguments().All(IsPortable);

    /// <summary>True if a GPU of a compute capability runs the kernel.</summary>
    public static bool RunsOn(Type kernel, int major, int minor) =>
        kernel.GetCustomAttribute<ComputeCapabilityAttribute>() is not { } needed
        || (needed.IsExact ? (major, minor) == (needed.Major, needed.Minor) : (major, minor).CompareTo((needed.Major, needed.Minor)) >= 0);

    /// <summary>The methods that are compiled for a kernel on CUDA, with the group size they are compiled for.</summary>
    public static IEnumerable<(string Entry, int Group)> CudaEntries(Type kernel)
    {
        string elements = InFours(kernel, typeof(IElementKernel), nameof(ElementsInFours)) ? nameof(DeviceEntries.ElementFours) : nameof(DeviceEntries.Elements);
        (string, int)[] rows = [(nameof(DeviceEntries.RowsByWarp), 128), (nameof(DeviceEntries.RowsByGroup), GroupThreads.MaxSize)];
        if (InFours(kernel, typeof(IRowKernel), nameof(RowsInFours)))
            rows = [.. rows, (nameof(DeviceEntries.RowsByWarpInFours), 128), (nameof(DeviceEntries.RowsByGroupInFours), GroupThreads.MaxSize)];
        var entries = Entries(kernel, [(elements, 256)], rows);
        return InFours(kernel, typeof(IRowElementKernel), nameof(RowElementsInFours)) ? [.. entries, (nameof(DeviceEntries.RowElementFours), GroupThreads.MaxSize)] : entries;
    }

    private static bool InFours(Type kernel, Type contract, string property) => Implements(kernel, contract)
        && (bool)typeof(KernelCatalogue).GetMethod(property, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(kernel).Invoke(null, null)!;

    private static bool ElementsInFours<TKernel>() where TKernel : struct, IElementKernel => TKernel.InFours;

    private static bool RowElementsInFours<TKernel>() where TKernel : struct, IRowElementKernel => TKernel.InFours;

    private static bool RowsInFours<TKernel>() where TKernel : struct, IRowKernel => TKernel.InFours;

    /// <summary>The methods that are compiled for a kernel on OpenCL CPUs and GPUs, with the group size they are compiled for.</summary>
    public static IEnumerable<(string Entry, int Group)> OpenClEntries(Type kernel) => Entries(
        kernel,
        [(nameof(DeviceEntries.Elements), 256), (nameof(DeviceEntries.ElementBlocks), DeviceEntries.Block)],
        [(nameof(DeviceEntries.RowsSerial), LaunchPlan.LargestSerialGroup), (nameof(DeviceEntries.RowsByGroup), GroupThreads.MaxSize)]);

    private static IEnumerable<(string Entry, int Group)> Entries(Type kernel, (string, int)[] elements, (string, int)[] rows) =>
        Implements(kernel, typeof(IElementKernel)) ? elements
        : Implements(kernel, typeof(IRowKernel)) ? rows
        : Implements(kernel, typeof(IRowElementKernel)) ? [(nameof(DeviceEntries.RowElements), GroupThreads.MaxSize)]
        : Implements(kernel, typeof(IGroupKernel)) ? [(nameof(DeviceEntries.ByGroup), GroupThreads.MaxSize)]
        : [(nameof(DeviceEntries.WholeGrid), GroupThreads.MaxSize)];

    // ITile<TSelf> is met by whatever implements ITile of itself.
    private static bool Implements(Type type, Type contract) => contract.IsGenericType
        ? type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == contract.GetGenericTypeDefinition())
        : type.GetInterfaces().Contains(contract);

    private static IEnumerable<Type> Close(Type type)
    {
        if (!type.IsGenericTypeDefinition) return [type];
        var choices = type.GetGenericArguments().Select(parameter => Candidates(parameter).ToArray()).ToArray();
        // Of all the functions of one number, products and convolutions take five.
        Type[] products = [typeof(ITeamGemm<>), typeof(ITapConvKernel<,>)];
        if (type == typeof(WarpgroupGemm<,,>) || type.GetInterfaces().Any(one => one.IsGenericType && products.Contains(one.GetGenericTypeDefinition())))
            choices[^1] = [typeof(NoActivation), typeof(Relu), typeof(Tanh), typeof(Sigmoid), typeof(Gelu)];
        for (int i = 0; i < choices.Length; i++)
            if (choices[i].Length == 0) throw new InvalidOperationException($"{type.Name}: nothing implements the constraints of {type.GetGenericArguments()[i].Name}.");
        return Enumerable.Range(0, choices.Max(choice => choice.Length))
            .Select(round => type.MakeGenericType([.. choices.Select(choice => choice[round % choice.Length])]));
    }

    private static IEnumerable<Type> Candidates(Type parameter)
    {
        var contracts = parameter.GetGenericParameterConstraints().Where(constraint => constraint.IsInterface).ToArray();
        return contracts.Length == 0
            ? []
            : s_structs.Where(type => contracts.All(contract => Implements(type, contract))).SelectMany(Close);
    }
}
