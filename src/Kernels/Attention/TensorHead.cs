namespace GpuNets.Kernels;

/// <summary>How many features a head has on tensor cores: parts of 32, the last filled up with zeros.</summary>
internal interface ITensorHead
{
    /// <summary>1 to 4.</summary>
    static abstract int Parts { get; }

    /// <summary>Rows of an operand in a stage of shared memory, 64 where they fit twice.</summary>
    static abstract int Lines { get; }
}

/// <summary>Heads of up to 32 features.</summary>
internal readonly struct Head32 : ITensorHead
{
    public static int Parts => 1;
    public static int Lines => 64;
}

/// <summary>Heads of up to 64 features.</summary>
internal readonly struct Head64 : ITensorHead
{
    public static int Parts => 2;
    public static int Lines => 64;
}

/// <summary>Heads of up to 96 features.</summary>
internal readonly struct Head96 : ITensorHead
{
    public static int Parts => 3;
    public static int Lines => 32;
}

/// <summary>Heads of up to 128 features.</summary>
internal readonly struct Head128 : ITensorHead
{
    public static int Parts => 4;
    public static int Lines => 32;
}

/// <summary>What of an attention's rules is compiled into a kernel besides masks.</summary>
internal interface ITensorExtras
{
    /// <summary>True for a bias, dropout, and factors of scores that are not positive.</summary>
    static abstract bool Has { get; }
}

/// <summary>Masks alone: the loop stays short.</summary>
internal readonly struct NoExtras : ITensorExtras
{
    public static bool Has => false;
}

/// <summary>Everything.</summary>
internal readonly struct BiasAndDropout : ITensorExtras
{
    public static bool Has => true;
}
